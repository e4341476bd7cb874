//! A draft of a reception: what the clerk has entered so far, and whether it may be received.
