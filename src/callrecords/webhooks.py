"""What providers send of themselves: events, typed and verified, whichever provider sends them.

    from callrecords import webhooks

    event = webhooks.receive("realtimekit", request.headers, request.body)
    if event.event == "meeting.ended":
        print(event.about, event.data.reason)

The headers and the bytes of a request go in; nothing here listens. Each package has the same
functions in its module ``webhooks``, such as ``callrecords_realtimekit.webhooks``, where a type
checker knows their arguments, too.
"""

from callrecords._clients import async_receive, receive
from callrecords_runtime.signatures import Verification
from callrecords_runtime.webhooks import Delivery, Headers, UnknownEvent

__all__ = ["Delivery", "Headers", "UnknownEvent", "Verification", "async_receive", "receive"]
