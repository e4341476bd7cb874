//! Blobs: scans, signatures and catalogues as encrypted files named by the SHA-256 of their open bytes.
//!
//! A blob is written beside its place, synced, renamed, and its folder synced; it is there whole or not at
//! all. The same bytes are kept once. Reading checks every chunk and, at the end, the name.
//!
//! Nonce discipline: each file draws a random 19-byte prefix, and a chunk's nonce is the prefix, the chunk's
//! number and a mark on the last chunk. A prefix is never used for a second file, a number never for a second
//! chunk; cutting, swapping or reordering chunks breaks the seal. Partial uploads seal each piece with a fresh
//! random nonce.
//!
//! Not here: who refers to a blob (`store`), how it travels (`exchange`), when it may be thrown away.

mod partial;
mod seal;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use motcua_core::ids::Hash;
use sha2::{Digest, Sha256};

use crate::exchange::wire::BLOB_BYTES_MAX;
use crate::files;
use crate::hub::BlobState;
use crate::keys::StoreKey;
use crate::random::{self, NoRandomness};
use seal::{Cipher, Opener};

const FOLDER: &str = "blobs";
const UNFINISHED: &str = "unfinished";
const PARTIAL: &str = "partial";
const STRIPES: usize = 16;

/// Why a blob could not be kept or given.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// There is nothing in it: a scanner has made the file and not yet written it.
    #[error("the file is empty")]
    Empty,
    /// More bytes than a scan may have.
    #[error("more than {BLOB_BYTES_MAX} bytes")]
    TooLarge,
    /// More bytes came than were announced.
    #[error("more bytes than announced")]
    Overrun,
    /// What is on the disk is not what was written.
    #[error("blob {0} is damaged")]
    Damaged(Hash),
    /// The disk is full; nothing of the blob was kept.
    #[error("the disk is full")]
    DiskFull,
    /// The operating system gave no random bytes.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// A file could not be read or written.
    #[error("blob file: {0}")]
    Io(io::Error),
}

impl From<io::Error> for BlobError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Io(error),
        }
    }
}

impl BlobError {
    /// A stable code for the message catalogue.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "blob_empty",
            Self::TooLarge => "blob_too_large",
            Self::Overrun => "blob_overrun",
            Self::Damaged(_) => "blob_damaged",
            Self::DiskFull => "disk_full",
            Self::Random(_) => "no_randomness",
            Self::Io(_) => "blob_io",
        }
    }

    /// False when the same call can succeed later.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        !matches!(self, Self::DiskFull | Self::Io(_) | Self::Empty)
    }
}

/// A blob that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its name.
    pub sha256: Hash,
    /// Its size in bytes.
    pub size: u64,
    /// False when the same bytes were there before.
    pub new: bool,
}

/// The blobs of one store.
pub struct BlobStore {
    root: PathBuf,
    cipher: Cipher,
    /// One writer at a time for a partial upload, sixteen uploads at once.
    stripes: [Mutex<()>; STRIPES],
}

impl std::fmt::Debug for BlobStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlobStore")
            .field("root", &self.root)
            .finish_non_exhaustive()
    }
}

impl BlobStore {
    /// Opens the blobs beside a store; what a crash left unfinished is thrown away.
    pub(crate) fn open(dir: &Path, key: &StoreKey) -> Result<Self, BlobError> {
        let root = dir.join(FOLDER);
        let unfinished = root.join(UNFINISHED);
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished)?;
        }
        files::create_private_dir(&unfinished)?;
        files::create_private_dir(&root.join(PARTIAL))?;
        Ok(Self {
            root,
            cipher: Cipher::new(&key.derive("blobs")),
            stripes: Default::default(),
        })
    }

    /// Opens the blobs of a store that another program may be using; nothing is cleaned up.
    pub(crate) fn open_beside(dir: &Path, key: &StoreKey) -> Self {
        let cipher = Cipher::new(&key.derive("blobs"));
        Self {
            root: dir.join(FOLDER),
            cipher,
            stripes: Default::default(),
        }
    }

    /// Keeps everything that `source` gives. Durable on return.
    ///
    /// # Errors
    /// [`BlobError::Empty`], [`BlobError::TooLarge`], [`BlobError::DiskFull`], or a failing disk. Nothing is
    /// kept then.
    pub fn put(&self, source: impl Read) -> Result<Stored, BlobError> {
        self.keep(source, None)
    }

    /// A whole blob, checked; none when it is not here.
    ///
    /// # Errors
    /// [`BlobError::Damaged`] when the bytes are not those of the name.
    pub fn read(&self, sha256: Hash) -> Result<Option<Vec<u8>>, BlobError> {
        let Some(mut reader) = self.reader(sha256)? else {
            return Ok(None);
        };
        let mut bytes = Vec::with_capacity(usize::try_from(reader.size).unwrap_or(0));
        match reader.read_to_end(&mut bytes) {
            Ok(_) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                Err(BlobError::Damaged(sha256))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A blob as a stream; none when it is not here. A read fails with `InvalidData` where the blob is
    /// damaged, at the latest at its end, so nothing may be done with the bytes before the end came.
    ///
    /// # Errors
    /// [`BlobError`] when the file cannot be opened.
    pub fn reader(&self, sha256: Hash) -> Result<Option<BlobReader>, BlobError> {
        let Some(opener) = self.opener(sha256)? else {
            return Ok(None);
        };
        let size = opener.size();
        let (hasher, chunk) = (Some(Sha256::new()), Vec::new());
        Ok(Some(BlobReader {
            opener,
            sha256,
            size,
            hasher,
            chunk,
            at: 0,
            next: 0,
        }))
    }

    /// A piece of a blob for an upload: at most `len` bytes from `offset`, sealed chunks checked one by one.
    ///
    /// # Errors
    /// [`BlobError::Damaged`] when a chunk's seal is broken.
    pub fn read_range(
        &self,
        sha256: Hash,
        offset: u64,
        len: usize,
    ) -> Result<Option<Vec<u8>>, BlobError> {
        let Some(mut opener) = self.opener(sha256)? else {
            return Ok(None);
        };
        let mut piece = Vec::with_capacity(len.min(seal::CHUNK_BYTES * 16));
        let (mut chunk, mut skip) = Opener::place(offset);
        while piece.len() < len && chunk < opener.chunks() {
            let bytes = opener
                .chunk(chunk)
                .map_err(|error| damaged(error, sha256))?;
            let wanted = bytes.get(skip..).unwrap_or_default();
            piece.extend_from_slice(&wanted[..wanted.len().min(len - piece.len())]);
            (chunk, skip) = (chunk + 1, 0);
        }
        Ok(Some(piece))
    }

    /// The size of a blob that is here whole.
    ///
    /// # Errors
    /// [`BlobError`] when the file cannot be opened.
    pub fn size(&self, sha256: Hash) -> Result<Option<u64>, BlobError> {
        Ok(self.opener(sha256)?.map(|opener| opener.size()))
    }

    /// Reads a blob to its end; false when it is not here.
    ///
    /// # Errors
    /// [`BlobError::Damaged`] when the bytes are not those of the name.
    pub fn verify(&self, sha256: Hash) -> Result<bool, BlobError> {
        let Some(mut reader) = self.reader(sha256)? else {
            return Ok(false);
        };
        io::copy(&mut reader, &mut io::sink()).map_err(|error| damaged(error, sha256))?;
        Ok(true)
    }

    fn path(&self, sha256: Hash) -> PathBuf {
        let name = sha256.to_string();
        self.root.join(&name[..2]).join(&name[2..4]).join(name)
    }

    fn opener(&self, sha256: Hash) -> Result<Option<Opener>, BlobError> {
        match File::open(self.path(sha256)) {
            Ok(file) => Opener::new(self.cipher.clone(), file)
                .map(Some)
                .map_err(|error| damaged(error, sha256)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes a blob; with `expected`, only when the bytes have that name.
    fn keep(&self, source: impl Read, expected: Option<Hash>) -> Result<Stored, BlobError> {
        let part = Unfinished(self.root.join(UNFINISHED).join(random::uuid()?.to_string()));
        let (sha256, size) = self.write_sealed(source, &part.0)?;
        if expected.is_some_and(|name| name != sha256) {
            return Err(BlobError::Damaged(expected.unwrap_or(sha256)));
        }
        let path = self.path(sha256);
        if path.exists() {
            return Ok(Stored {
                sha256,
                size,
                new: false,
            });
        }
        self.make_folders(&path)?;
        fs::rename(&part.0, &path)?;
        files::sync_parent(&path)?;
        Ok(Stored {
            sha256,
            size,
            new: true,
        })
    }

    fn write_sealed(&self, source: impl Read, path: &Path) -> Result<(Hash, u64), BlobError> {
        let mut hashing = Hashing {
            source,
            hasher: Sha256::new(),
            size: 0,
        };
        let mut file = files::create_private(path)?;
        seal::write(&self.cipher, &mut hashing, &mut file)?;
        if hashing.size == 0 {
            return Err(BlobError::Empty);
        }
        if hashing.size > BLOB_BYTES_MAX {
            return Err(BlobError::TooLarge);
        }
        file.sync_all()?;
        Ok((Hash(hashing.hasher.finalize().into()), hashing.size))
    }

    /// Makes the two folders of a path and their names durable, once each.
    fn make_folders(&self, path: &Path) -> Result<(), BlobError> {
        let Some(inner) = path.parent() else {
            return Ok(());
        };
        if inner.exists() {
            return Ok(());
        }
        files::create_private_dir(inner)?;
        files::sync_parent(inner)?;
        if let Some(outer) = inner.parent() {
            files::sync_parent(outer)?;
        }
        Ok(())
    }

    fn stripe(&self, sha256: Hash) -> MutexGuard<'_, ()> {
        let stripe = usize::from(sha256.0[0]) % STRIPES;
        self.stripes[stripe]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Where a blob stands: whole, partly here, or unknown.
    ///
    /// # Errors
    /// [`BlobError`].
    pub fn state(&self, sha256: Hash) -> Result<Option<BlobState>, BlobError> {
        if let Some(size) = self.size(sha256)? {
            return Ok(Some(BlobState {
                have: size,
                size,
                complete: true,
            }));
        }
        let _one = self.stripe(sha256);
        partial::state(&self.root.join(PARTIAL), sha256)
    }

    /// Appends bytes of an upload; durable on return. Bytes that are here already are skipped, bytes beyond
    /// what is here are not taken; the answer says where to go on. When the last byte came the name is
    /// checked: a mismatch throws the bytes away and answers `have = 0`.
    ///
    /// # Errors
    /// [`BlobError::Overrun`] when more bytes come than `size`; [`BlobError::TooLarge`]; a failing disk.
    pub fn append(
        &self,
        sha256: Hash,
        size: u64,
        offset: u64,
        bytes: &[u8],
    ) -> Result<BlobState, BlobError> {
        match size {
            0 => return Err(BlobError::Empty),
            1..=BLOB_BYTES_MAX => {}
            _ => return Err(BlobError::TooLarge),
        }
        let _one = self.stripe(sha256);
        if let Some(size) = self.size(sha256)? {
            return Ok(BlobState {
                have: size,
                size,
                complete: true,
            });
        }
        let partials = self.root.join(PARTIAL);
        let mut upload = partial::Upload::open(&partials, &self.cipher, sha256, size)?;
        let have = upload.append(offset, bytes)?;
        if have < size {
            return Ok(BlobState {
                have,
                size,
                complete: false,
            });
        }
        let kept = self.keep(upload.into_reader()?, Some(sha256));
        partial::remove(&partials, sha256)?;
        match kept {
            Ok(_) => Ok(BlobState {
                have: size,
                size,
                complete: true,
            }),
            Err(BlobError::Damaged(_)) => Ok(BlobState {
                have: 0,
                size,
                complete: false,
            }),
            Err(error) => Err(error),
        }
    }
}

fn damaged(error: io::Error, sha256: Hash) -> BlobError {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => BlobError::Damaged(sha256),
        _ => error.into(),
    }
}

/// A file that goes away unless it was renamed.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "an unfinished blob could not be removed");
        }
    }
}

/// Hashes and counts what goes by, and stops behind the limit.
struct Hashing<R> {
    source: R,
    hasher: Sha256,
    size: u64,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.size > BLOB_BYTES_MAX {
            return Ok(0);
        }
        let n = self.source.read(buf)?;
        self.hasher.update(&buf[..n]);
        self.size += n as u64;
        Ok(n)
    }
}

/// A blob's bytes as a stream.
pub struct BlobReader {
    opener: Opener,
    sha256: Hash,
    size: u64,
    hasher: Option<Sha256>,
    chunk: Vec<u8>,
    at: usize,
    next: u32,
}

impl BlobReader {
    /// The size of the blob in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    fn finish(&mut self) -> io::Result<usize> {
        let whole = self
            .hasher
            .take()
            .is_none_or(|hasher| Hash(hasher.finalize().into()) == self.sha256);
        if whole {
            Ok(0)
        } else {
            Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "not the blob of this name",
            ))
        }
    }
}

impl Read for BlobReader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        if self.at == self.chunk.len() {
            if self.next == self.opener.chunks() {
                return self.finish();
            }
            self.chunk = self.opener.chunk(self.next)?;
            if let Some(hasher) = &mut self.hasher {
                hasher.update(&self.chunk);
            }
            (self.at, self.next) = (0, self.next + 1);
        }
        let n = buf.len().min(self.chunk.len() - self.at);
        buf[..n].copy_from_slice(&self.chunk[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests;
