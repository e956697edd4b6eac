"""The HTTP/1.1 server of every part: asyncio transports, llhttp, and ASGI; nothing in between.

Read connection (what comes), exchange (one request and its answer), framing (heads as bytes),
websocket, and listener (a port). Everything happens in the event loop's thread: no request waits
for another thread to wake.
"""
