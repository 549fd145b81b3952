"""The API for programs and other assistants: /v1 (OpenAI's shape), /api (with OpenAPI) and /mcp.

It is a part of the page's server. Nothing here is imported before the first request but `routes`.
"""
