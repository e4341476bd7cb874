//! Judges we did not write: python-escpos for our bytes and our simulator's answers, receiptio for
//! our simulator's states.
//!
//! They are installed into `target/peers` on first use. They must run when `CI` or `MOTCUA_PEERS`
//! is set; elsewhere they are skipped with a message, because they need the network once.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail the test they help"
)]

use std::fmt::Write as _;
use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use motcua_drivers::protocols::escpos::RasterJob;
use motcua_drivers::protocols::escpos::command::{Cut, DrawerPin, Encoder, NativeQr, QrEcc};
use motcua_drivers::simulators::{Cable, PrinterSim, SimTraits, serve};
use motcua_drivers::transports::TcpLink;

const PYTHON_ESCPOS: &str = "python-escpos==3.1";
const RECEIPTIO: &str = "receiptio@2.1.2";

fn wanted(judge: &str) -> bool {
    let wanted = ["CI", "MOTCUA_PEERS"]
        .iter()
        .any(|name| std::env::var_os(name).is_some());
    if !wanted {
        eprintln!("skipped: {judge} judges only when CI or MOTCUA_PEERS=1 is set");
    }
    wanted
}

/// Installs a judge once, whoever comes first.
fn installed(name: &str, install: impl FnOnce(&Path)) -> PathBuf {
    let peers = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .join("peers");
    let home = peers.join(name);
    fs::create_dir_all(&home).unwrap();
    let lock = File::create(peers.join(format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    let done = home.join("installed");
    if !done.exists() {
        install(&home);
        fs::write(done, "").unwrap();
    }
    home
}

fn run(command: &mut Command) -> Output {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

fn python() -> PathBuf {
    let home = installed("python-escpos", |home| {
        run(Command::new("python3").args(["-m", "venv"]).arg(home));
        run(Command::new(home.join("bin/pip")).args(["install", "-q", PYTHON_ESCPOS]));
    });
    home.join("bin/python")
}

fn receiptio() -> PathBuf {
    let home = installed("receiptio", |home| {
        run(Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--prefix"])
            .arg(home)
            .arg(RECEIPTIO));
    });
    home.join("node_modules/receiptio/bin/cli.js")
}

/// A simulated printer on a loopback address of its own.
struct Printer {
    sim: Arc<Mutex<PrinterSim>>,
    address: String,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Printer {
    fn on(address: &str) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let sim = Arc::new(Mutex::new(PrinterSim::new(SimTraits::epson())));
        let stop = Arc::new(AtomicBool::new(false));
        let (served, stopping) = (Arc::clone(&sim), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            listener.set_nonblocking(true).unwrap();
            let (cable, origin) = (Cable::default(), Instant::now());
            while !stopping.load(Ordering::Relaxed) {
                match listener.accept() {
                    Ok((stream, _)) => {
                        stream.set_nonblocking(false).unwrap();
                        let mut link = TcpLink::accepted(stream);
                        serve(&mut link, &*served, &cable, &stopping, origin);
                    }
                    Err(_) => std::thread::sleep(Duration::from_millis(10)),
                }
            }
        });
        Self {
            sim,
            address,
            stop,
            thread: Some(thread),
        }
    }

    fn look(&self) -> MutexGuard<'_, PrinterSim> {
        self.sim.lock().unwrap()
    }
}

impl Drop for Printer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap();
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn picture() -> RasterJob {
    let bits = (0u32..576 / 8 * 400)
        .map(|at| (at.wrapping_mul(73) % 253) as u8)
        .collect();
    RasterJob::new(576, 400, bits).unwrap()
}

const BYTES_OF_PYTHON_ESCPOS: &str = r#"
import sys
from PIL import Image, ImageOps
from escpos.printer import Dummy

bits = bytes.fromhex(sys.argv[1])
image = ImageOps.invert(Image.frombytes('1', (576, 400), bits).convert('L'))
printer = Dummy()

def show(act):
    printer.clear()
    act()
    print('=' + printer.output.hex())

show(lambda: printer.hw('INIT'))
show(lambda: printer.image(image, impl='bitImageRaster', fragment_height=192))
show(lambda: printer.qr('H56.6.17-261123-0001', native=True, size=6, ec=1))
show(lambda: printer.cut())
show(lambda: printer.cut(mode='PART', feed=False))
show(lambda: printer.cashdraw(2))
show(lambda: printer.cashdraw(5))
"#;

#[test]
fn our_bytes_are_those_of_python_escpos() {
    if !wanted("python-escpos") {
        return;
    }
    let picture = picture();
    let program = ["-c", BYTES_OF_PYTHON_ESCPOS, &hex(picture.bits())];
    let output = run(Command::new(python()).args(program));
    let theirs = String::from_utf8(output.stdout).unwrap();
    let bands = (0..picture.band_count(192))
        .filter_map(|index| picture.band(index, 192))
        .fold(Encoder::new(), |encoder, band| encoder.raster_band(&band));
    let qr = NativeQr::new("H56.6.17-261123-0001", 6, QrEcc::M).unwrap();
    let ours = [
        Encoder::new().init(),
        bands,
        Encoder::new().qr(&qr),
        Encoder::new().feed_lines(6).cut(Cut::Full),
        Encoder::new().cut(Cut::FeedPartial),
        Encoder::new().drawer(DrawerPin::Two, 100, 100),
        Encoder::new().drawer(DrawerPin::Five, 100, 100),
    ]
    .map(|encoder| hex(&encoder.finish()));
    // The library also prints remarks of its own.
    let theirs: Vec<&str> = theirs
        .lines()
        .filter_map(|line| line.strip_prefix('='))
        .collect();
    assert_eq!(theirs.len(), ours.len());
    for (theirs, ours) in theirs.iter().zip(&ours) {
        assert_eq!(theirs, ours);
    }
}

const ASK_OUR_SIMULATOR: &str = r#"
import sys
from PIL import Image, ImageOps
from escpos.printer import Network

host, port, bits = sys.argv[1], int(sys.argv[2]), bytes.fromhex(sys.argv[3])
printer = Network(host, port=port, timeout=5)
print('=', printer.is_online(), printer.paper_status())
if bits:
    image = ImageOps.invert(Image.frombytes('1', (576, 400), bits).convert('L'))
    printer.image(image, impl='bitImageRaster', fragment_height=192)
    printer.qr('H56.6.17-261123-0001', native=True, size=6, ec=1)
    printer.cut()
    printer.is_online()
printer.close()
"#;

#[test]
fn python_escpos_prints_on_our_simulator_and_understands_its_answers() {
    if !wanted("python-escpos") {
        return;
    }
    let printer = Printer::on("127.0.0.1:0");
    let (host, port) = printer.address.split_once(':').unwrap();
    let picture = picture();
    let ask = |bits: &str| {
        let program = ["-c", ASK_OUR_SIMULATOR, host, port, bits];
        let output = run(Command::new(python()).args(program));
        let told = String::from_utf8(output.stdout).unwrap();
        told.lines()
            .find_map(|line| line.strip_prefix("= "))
            .unwrap()
            .to_owned()
    };
    assert_eq!(ask(&hex(picture.bits())), "True 2");
    {
        let sim = printer.look();
        let paper = sim.papers().back().unwrap();
        assert_eq!(paper.rows[..400].concat(), picture.bits());
        assert_eq!(paper.qr, ["H56.6.17-261123-0001"]);
    }
    printer.look().faults().paper_near_end = true;
    assert_eq!(ask(""), "True 1");
    printer.look().end_paper_after(0);
    assert_eq!(ask(""), "False 0");
    printer.look().load_paper();
    printer.look().faults().cover_open = true;
    assert_eq!(ask(""), "False 2");
}

/// What zbar reads in a picture, where zbar is installed.
fn read_code(png: &[u8]) -> Option<String> {
    let file = tempfile::Builder::new().suffix(".png").tempfile().unwrap();
    fs::write(file.path(), png).unwrap();
    let output = Command::new("zbarimg")
        .args(["-q", "--raw"])
        .arg(file.path())
        .output()
        .ok()?;
    Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
}

#[test]
fn receiptio_prints_on_our_simulator_and_understands_its_states() {
    if !wanted("receiptio") {
        return;
    }
    // It knows only port 9100, so the printer gets a loopback address of its own.
    let process = std::process::id();
    let host = format!("127.91.{}.{}", process >> 8 & 0xFF, process & 0xFF | 2);
    let printer = Printer::on(&format!("{host}:9100"));
    let receiptio = receiptio();
    let slip = receiptio.with_file_name("slip.receipt");
    fs::write(
        &slip,
        "^^^0127\nQuay 03\n{code:H56.6.17;option:qrcode,6,m}\n",
    )
    .unwrap();
    let says = |arguments: &[&str]| {
        let mut command = Command::new("node");
        command
            .arg(&receiptio)
            .args(["-d", &host, "-t", "20"])
            .args(arguments);
        let output = command.output().unwrap();
        String::from_utf8(output.stderr).unwrap().trim().to_owned()
    };
    let slip = slip.to_string_lossy().into_owned();
    assert_eq!(says(&["-q"]), "online");
    assert_eq!(says(&[&slip]), "success");
    {
        let sim = printer.look();
        assert_eq!(sim.pieces(), 1);
        let paper = sim.papers().back().unwrap();
        assert!(!paper.is_blank());
        assert!(paper.text.concat().contains("Quay 03"), "{:?}", paper.text);
        // It draws the code itself, as stored graphics.
        assert!(paper.ink().len() >= 126, "{} rows", paper.ink().len());
        if let Some(code) = read_code(&paper.png()) {
            assert_eq!(code, "H56.6.17");
        }
    }
    printer.look().faults().cover_open = true;
    assert_eq!(says(&["-q"]), "coveropen");
    assert_eq!(says(&[&slip]), "coveropen");
    printer.look().faults().cover_open = false;
    printer.look().end_paper_after(0);
    assert_eq!(says(&["-q"]), "paperempty");
    printer.look().load_paper();
    printer.look().faults().cutter_jammed = true;
    assert_eq!(says(&["-q"]), "error");
    printer.look().faults().cutter_jammed = false;
    assert_eq!(
        printer.look().pieces(),
        1,
        "nothing came out of a printer in trouble"
    );
    printer.look().end_paper_after(40);
    assert_eq!(says(&[&slip]), "paperempty");
    printer.look().load_paper();
}
