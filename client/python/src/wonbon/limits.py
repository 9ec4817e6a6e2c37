"""Every limit of the client, with its name; README.md of the project has the table.

They are those of the C++ client (client/limits.h). Past a limit there is an error that names it.
"""

MAX_BATCH_DOCUMENTS = 1_000
MAX_BATCHES_IN_FLIGHT = 64
# A single document in a message: past it InvalidArgument.
MAX_DOCUMENT_BYTES = 15 << 20
# A batch leaves when it has as many bytes, full or not; a larger document leaves alone.
BATCH_BYTES = 2 << 20
# Messages to the server and from it: past them ResourceExhausted, from gRPC.
MAX_MESSAGE_BYTES = 16 << 20
MAX_RESPONSE_BYTES = 64 << 20

# Seconds. An idle connection with a call on it is asked for a sign of life this often, and given up
# if none comes in time.
KEEPALIVE_TIME = 20.0
KEEPALIVE_TIMEOUT = 10.0
# A watch that hears nothing for this long is begun anew; the server says something every 15 s.
MAX_WATCH_SILENCE = 45.0
