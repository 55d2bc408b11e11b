"""What becomes of an overlay's actions when the definition under them changes."""

from codegen.carrying.carry import Carried, carry
from codegen.carrying.decisions import Decisions, UndecidedError
from codegen.carrying.outcome import Fate, Outcome

__all__ = ["Carried", "Decisions", "Fate", "Outcome", "UndecidedError", "carry"]
