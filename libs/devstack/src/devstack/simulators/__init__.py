"""Stand-ins for the systems outside: PTV, Lähellä.fi and an SMS gateway, each a FastAPI application.

`create_app` of each makes one. The true paths behave as the real interface does; everything under `/_control` exists
only here.
"""
