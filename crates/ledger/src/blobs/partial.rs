//! Uploads that are not whole yet. The file itself says how far it is: a head with the size, then one frame
//! for each piece, each sealed with a nonce of its own and bound to its offset. A frame that was torn by a
//! crash is cut off when the upload goes on.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use motcua_core::ids::Hash;

use super::seal::Cipher;
use super::{BlobError, BlobState};
use crate::files;
use crate::random;

const NONCE_BYTES: usize = 24;
const TAG_BYTES: u64 = 16;
const LENGTH_BYTES: u64 = 4;
const HEAD_BYTES: u64 = 8;
/// Open bytes of one frame at most; a larger piece becomes several.
const FRAME_BYTES_MAX: usize = 1024 * 1024;

fn path(dir: &Path, sha256: Hash) -> PathBuf {
    dir.join(sha256.to_string())
}

/// Where an upload stands; none when there is none.
pub(super) fn state(dir: &Path, sha256: Hash) -> Result<Option<BlobState>, BlobError> {
    let mut file = match File::open(path(dir, sha256)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let Some(size) = read_size(&mut file)? else {
        return Ok(None);
    };
    let (have, _) = extent(&mut file)?;
    Ok(Some(BlobState {
        have,
        size,
        complete: false,
    }))
}

/// Ends an upload, whatever became of it.
pub(super) fn remove(dir: &Path, sha256: Hash) -> Result<(), BlobError> {
    match fs::remove_file(path(dir, sha256)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn read_size(file: &mut File) -> io::Result<Option<u64>> {
    let mut head = [0_u8; 8];
    file.seek(SeekFrom::Start(0))?;
    match file.read_exact(&mut head) {
        Ok(()) => Ok(Some(u64::from_be_bytes(head))),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// Open bytes in whole frames, and where the next frame begins in the file.
fn extent(file: &mut File) -> io::Result<(u64, u64)> {
    let end = file.metadata()?.len();
    let (mut have, mut at) = (0, HEAD_BYTES);
    loop {
        let Some(len) = frame_len(file, at, end)? else {
            return Ok((have, at));
        };
        let next = at + LENGTH_BYTES + NONCE_BYTES as u64 + len + TAG_BYTES;
        if next > end {
            return Ok((have, at));
        }
        have += len;
        at = next;
    }
}

fn frame_len(file: &mut File, at: u64, end: u64) -> io::Result<Option<u64>> {
    if at + LENGTH_BYTES > end {
        return Ok(None);
    }
    let mut len = [0_u8; 4];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut len)?;
    let len = u64::from(u32::from_be_bytes(len));
    Ok((len > 0 && len <= FRAME_BYTES_MAX as u64).then_some(len))
}

/// What a frame is bound to.
fn about(sha256: Hash, size: u64, offset: u64) -> Vec<u8> {
    [
        sha256.0.as_slice(),
        &size.to_be_bytes(),
        &offset.to_be_bytes(),
    ]
    .concat()
}

/// An upload that goes on.
pub(super) struct Upload {
    file: File,
    cipher: Cipher,
    sha256: Hash,
    size: u64,
    have: u64,
    end: u64,
}

impl Upload {
    /// Opens an upload or begins one. Another announced size begins anew.
    pub(super) fn open(
        dir: &Path,
        cipher: &Cipher,
        sha256: Hash,
        size: u64,
    ) -> Result<Self, BlobError> {
        let path = path(dir, sha256);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        files::private(&mut options);
        let mut file = options.open(&path)?;
        if read_size(&mut file)? != Some(size) {
            file.set_len(0)?;
            file.seek(SeekFrom::Start(0))?;
            file.write_all(&size.to_be_bytes())?;
            files::sync_parent(&path)?;
        }
        let (have, end) = extent(&mut file)?;
        file.set_len(end)?;
        Ok(Self {
            file,
            cipher: cipher.clone(),
            sha256,
            size,
            have,
            end,
        })
    }

    /// Takes what is new of `bytes`; durable on return. The answer is how many bytes are here.
    pub(super) fn append(&mut self, offset: u64, bytes: &[u8]) -> Result<u64, BlobError> {
        if offset > self.have {
            return Ok(self.have);
        }
        let known = usize::try_from(self.have - offset).unwrap_or(usize::MAX);
        let fresh = bytes.get(known..).unwrap_or_default();
        if self.have + fresh.len() as u64 > self.size {
            return Err(BlobError::Overrun);
        }
        if fresh.is_empty() {
            return Ok(self.have);
        }
        let before = (self.have, self.end);
        let written = fresh
            .chunks(FRAME_BYTES_MAX)
            .try_for_each(|frame| self.frame(frame));
        if let Err(error) = written.and_then(|()| Ok(self.file.sync_data()?)) {
            (self.have, self.end) = before;
            self.file.set_len(self.end)?;
            return Err(error);
        }
        Ok(self.have)
    }

    fn frame(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        let nonce: [u8; NONCE_BYTES] = random::bytes()?;
        let sealed = self
            .cipher
            .seal(&nonce, bytes, &about(self.sha256, self.size, self.have))?;
        let len = u32::try_from(bytes.len()).map_err(|_| BlobError::TooLarge)?;
        let frame = [len.to_be_bytes().as_slice(), &nonce, &sealed].concat();
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.write_all(&frame)?;
        self.end += frame.len() as u64;
        self.have += bytes.len() as u64;
        Ok(())
    }

    /// The open bytes from the beginning.
    pub(super) fn into_reader(mut self) -> Result<impl Read, BlobError> {
        self.file.seek(SeekFrom::Start(HEAD_BYTES))?;
        Ok(Frames {
            upload: self,
            offset: 0,
            open: Vec::new(),
            at: 0,
        })
    }
}

struct Frames {
    upload: Upload,
    offset: u64,
    open: Vec<u8>,
    at: usize,
}

impl Frames {
    fn next_frame(&mut self) -> io::Result<()> {
        let (mut len, mut nonce) = ([0_u8; 4], [0_u8; NONCE_BYTES]);
        self.upload.file.read_exact(&mut len)?;
        self.upload.file.read_exact(&mut nonce)?;
        let mut sealed = Vec::new();
        let sealed_len = u64::from(u32::from_be_bytes(len)) + TAG_BYTES;
        (&mut self.upload.file)
            .take(sealed_len)
            .read_to_end(&mut sealed)?;
        let about = about(self.upload.sha256, self.upload.size, self.offset);
        self.open = self.upload.cipher.open(&nonce, &sealed, &about)?;
        self.offset += self.open.len() as u64;
        self.at = 0;
        Ok(())
    }
}

impl Read for Frames {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.at == self.open.len() {
            if self.offset >= self.upload.size {
                return Ok(0);
            }
            self.next_frame()?;
        }
        let n = buf.len().min(self.open.len() - self.at);
        buf[..n].copy_from_slice(&self.open[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}
