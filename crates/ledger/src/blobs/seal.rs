//! The sealed form of a whole blob: a head with the nonce prefix, then chunks of 64 KiB, each sealed for its
//! place, the last one marked as last.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};

use crate::random;

/// Open bytes of a chunk.
pub(super) const CHUNK_BYTES: usize = 64 * 1024;
const TAG_BYTES: usize = 16;
const NONCE_BYTES: usize = 24;
const PREFIX_BYTES: usize = 19;
const MAGIC: &[u8; 8] = b"MCBLOB1\0";
const HEAD_BYTES: usize = MAGIC.len() + PREFIX_BYTES;
const SEALED_BYTES: usize = CHUNK_BYTES + TAG_BYTES;

/// The cipher of a store's blobs.
#[derive(Clone)]
pub(super) struct Cipher(XChaCha20Poly1305);

impl Cipher {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    pub(super) fn seal(
        &self,
        nonce: &[u8; NONCE_BYTES],
        bytes: &[u8],
        about: &[u8],
    ) -> io::Result<Vec<u8>> {
        let payload = Payload {
            msg: bytes,
            aad: about,
        };
        self.0
            .encrypt(XNonce::from_slice(nonce), payload)
            .map_err(|_| io::Error::other("sealing failed"))
    }

    pub(super) fn open(
        &self,
        nonce: &[u8; NONCE_BYTES],
        sealed: &[u8],
        about: &[u8],
    ) -> io::Result<Vec<u8>> {
        let payload = Payload {
            msg: sealed,
            aad: about,
        };
        self.0
            .decrypt(XNonce::from_slice(nonce), payload)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "the seal is broken"))
    }
}

fn nonce(prefix: &[u8; PREFIX_BYTES], chunk: u32, last: bool) -> [u8; NONCE_BYTES] {
    let mut nonce = [0_u8; NONCE_BYTES];
    nonce[..PREFIX_BYTES].copy_from_slice(prefix);
    nonce[PREFIX_BYTES..NONCE_BYTES - 1].copy_from_slice(&chunk.to_be_bytes());
    nonce[NONCE_BYTES - 1] = u8::from(last);
    nonce
}

/// Seals everything that `source` gives into `target`.
pub(super) fn write(
    cipher: &Cipher,
    source: &mut impl Read,
    target: &mut impl Write,
) -> io::Result<()> {
    let prefix: [u8; PREFIX_BYTES] = random::bytes().map_err(io::Error::other)?;
    target.write_all(MAGIC)?;
    target.write_all(&prefix)?;
    let mut chunk = read_chunk(source)?;
    let mut number = 0;
    while !chunk.is_empty() {
        // Only a look at what follows tells whether this chunk is the last.
        let following = if chunk.len() == CHUNK_BYTES {
            read_chunk(source)?
        } else {
            Vec::new()
        };
        let sealed = cipher.seal(&nonce(&prefix, number, following.is_empty()), &chunk, MAGIC)?;
        target.write_all(&sealed)?;
        chunk = following;
        number += 1;
    }
    Ok(())
}

fn read_chunk(source: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut chunk = Vec::with_capacity(CHUNK_BYTES);
    source
        .by_ref()
        .take(CHUNK_BYTES as u64)
        .read_to_end(&mut chunk)?;
    Ok(chunk)
}

/// A sealed file, opened chunk by chunk.
pub(super) struct Opener {
    cipher: Cipher,
    file: File,
    prefix: [u8; PREFIX_BYTES],
    sealed_bytes: u64,
}

impl Opener {
    pub(super) fn new(cipher: Cipher, mut file: File) -> io::Result<Self> {
        let mut head = [0_u8; HEAD_BYTES];
        file.read_exact(&mut head)?;
        let (magic, rest) = head.split_at(MAGIC.len());
        let sealed_bytes = file.metadata()?.len() - HEAD_BYTES as u64;
        if magic != MAGIC || sealed_bytes <= TAG_BYTES as u64 {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "not a sealed blob",
            ));
        }
        let mut prefix = [0_u8; PREFIX_BYTES];
        prefix.copy_from_slice(rest);
        Ok(Self {
            cipher,
            file,
            prefix,
            sealed_bytes,
        })
    }

    pub(super) fn chunks(&self) -> u32 {
        u32::try_from(self.sealed_bytes.div_ceil(SEALED_BYTES as u64)).unwrap_or(u32::MAX)
    }

    /// Open bytes of the whole blob.
    pub(super) fn size(&self) -> u64 {
        self.sealed_bytes
            .saturating_sub(u64::from(self.chunks()) * TAG_BYTES as u64)
    }

    /// The chunk that holds an offset, and the place in it.
    pub(super) fn place(offset: u64) -> (u32, usize) {
        let chunk = u32::try_from(offset / CHUNK_BYTES as u64).unwrap_or(u32::MAX);
        (
            chunk,
            usize::try_from(offset % CHUNK_BYTES as u64).unwrap_or(0),
        )
    }

    pub(super) fn chunk(&mut self, number: u32) -> io::Result<Vec<u8>> {
        let start = HEAD_BYTES as u64 + u64::from(number) * SEALED_BYTES as u64;
        self.file.seek(SeekFrom::Start(start))?;
        let mut sealed = Vec::with_capacity(SEALED_BYTES);
        (&mut self.file)
            .take(SEALED_BYTES as u64)
            .read_to_end(&mut sealed)?;
        let last = number + 1 == self.chunks();
        self.cipher
            .open(&nonce(&self.prefix, number, last), &sealed, MAGIC)
    }
}
