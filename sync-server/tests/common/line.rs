//! A network line between a counter and its hub that can be cut: a TCP proxy that counts.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::hub::LOOPBACK;

pub struct Line {
    addr: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    to: watch::Sender<SocketAddr>,
    /// False while the line is cut; every change breaks what is on it.
    whole: watch::Sender<bool>,
    up_bytes: AtomicU64,
    /// Upward bytes after which the line is cut once; `u64::MAX` for never.
    cut_at: AtomicU64,
}

impl Line {
    pub async fn to(hub: SocketAddr) -> Self {
        let listener = TcpListener::bind(LOOPBACK).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            to: watch::Sender::new(hub),
            whole: watch::Sender::new(true),
            up_bytes: AtomicU64::new(0),
            cut_at: AtomicU64::new(u64::MAX),
        });
        let serving = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(carry(stream, Arc::clone(&serving)));
            }
        });
        Self { addr, shared }
    }

    pub fn url(&self) -> String {
        format!("https://{}", self.addr)
    }

    /// Breaks every connection and lets none through.
    pub fn cut(&self) {
        self.shared.whole.send_replace(false);
    }

    /// Lets connections through again.
    pub fn mend(&self) {
        self.shared.cut_at.store(u64::MAX, Ordering::SeqCst);
        self.shared.whole.send_replace(true);
    }

    /// Somebody else answers at the same address from now on.
    pub fn lead_to(&self, other: SocketAddr) {
        self.cut();
        self.shared.to.send_replace(other);
        self.mend();
    }

    /// Cuts the line once, when so many more bytes have gone up.
    pub fn cut_after(&self, bytes: u64) {
        self.shared
            .cut_at
            .store(self.up_bytes() + bytes, Ordering::SeqCst);
    }

    /// Bytes from counters to the hub so far.
    pub fn up_bytes(&self) -> u64 {
        self.shared.up_bytes.load(Ordering::SeqCst)
    }

    pub fn is_whole(&self) -> bool {
        *self.shared.whole.borrow()
    }
}

async fn carry(counter: TcpStream, shared: Arc<Shared>) {
    let mut whole = shared.whole.subscribe();
    if !*whole.borrow_and_update() {
        return;
    }
    let to = *shared.to.borrow();
    let Ok(hub) = TcpStream::connect(to).await else {
        return;
    };
    let (from_counter, to_counter) = counter.into_split();
    let (from_hub, to_hub) = hub.into_split();
    tokio::select! {
        _ = whole.changed() => {}
        () = pour(from_counter, to_hub, Some(&shared)) => {}
        () = pour(from_hub, to_counter, None) => {}
    }
}

async fn pour(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, counting: Option<&Shared>) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(count) = from.read(&mut buffer).await {
        if count == 0 || to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
        let Some(shared) = counting else { continue };
        let up = shared.up_bytes.fetch_add(count as u64, Ordering::SeqCst) + count as u64;
        if up >= shared.cut_at.load(Ordering::SeqCst) {
            shared.whole.send_replace(false);
            return;
        }
    }
}
