//! Who calls: a device proves itself at `hello` by signing the hub's nonce with its own key.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use motcua_core::ids::DeviceId;

/// What is signed begins with this, so that a signature of another kind can never pass for it.
const HELLO_DOMAIN: &[u8] = b"motcua/hello/v1\0";

/// The proof that the holder of `key` is `device` and has seen `nonce`.
#[must_use]
pub fn hello_proof(key: &SigningKey, device: DeviceId, nonce: &str) -> [u8; 64] {
    key.sign(&message(device, nonce)).to_bytes()
}

/// Whether `proof` is of the device with this public key, for this nonce.
#[must_use]
pub fn is_hello_proof(
    public_key: &[u8; 32],
    device: DeviceId,
    nonce: &str,
    proof: &[u8; 64],
) -> bool {
    VerifyingKey::from_bytes(public_key).is_ok_and(|key| {
        key.verify_strict(&message(device, nonce), &Signature::from_bytes(proof))
            .is_ok()
    })
}

fn message(device: DeviceId, nonce: &str) -> Vec<u8> {
    [HELLO_DOMAIN, device.0.as_bytes(), nonce.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_holds_for_one_device_one_nonce_and_one_key() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = key.verifying_key().to_bytes();
        let other = SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes();
        let (desk, neighbour) = (DeviceId::derived("quầy 1"), DeviceId::derived("quầy 2"));
        let proof = hello_proof(&key, desk, "ab12");
        assert!(is_hello_proof(&public, desk, "ab12", &proof));
        assert!(!is_hello_proof(&public, desk, "ab13", &proof));
        assert!(!is_hello_proof(&public, neighbour, "ab12", &proof));
        assert!(!is_hello_proof(&other, desk, "ab12", &proof));
    }

    #[test]
    fn a_signed_batch_is_no_proof_of_presence() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let desk = DeviceId::derived("quầy 1");
        let head = motcua_core::ids::Hash::of(b"x");
        let batch = motcua_core::op::sign(&key, head);
        let public = key.verifying_key().to_bytes();
        assert!(!is_hello_proof(&public, desk, &head.to_string(), &batch));
    }
}
