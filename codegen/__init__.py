"""From providers' definitions to publishable clients: ``python -m codegen``.

Data runs one way, through eight packages of which each imports only those after it: ``commands``,
then ``compare``, ``proof`` and ``generator``, ``providers``, ``overlay``, ``openapi``, ``files``.
Nothing in here is part of a wheel, and nothing that ships imports it.
"""
