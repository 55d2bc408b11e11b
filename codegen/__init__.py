"""From providers' definitions to publishable clients: ``python -m codegen``.

Data runs one way: definition, overlay, patched definition, generated distribution. Nothing in this
package is part of a wheel, and nothing that ships imports it.
"""
