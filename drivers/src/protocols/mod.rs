//! Protocols: what the bytes of a device mean. Pure encoders, decoders and state machines.
//!
//! Nothing here opens a port, reads a clock, starts a thread or allocates without a bound. Time is
//! an argument (`now`, a duration since an origin the caller chose), so the same object drives a
//! real port, a pseudo-terminal in a test and a property test in virtual time.

pub mod barcode;
pub mod escpos;
pub mod linedisplay;
pub mod pad;
