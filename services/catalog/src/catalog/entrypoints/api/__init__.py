"""The open JSON API, described in /v1/openapi.json: read by anybody, from any site, without a key."""
