//! Simulated devices as a process of their own: for `cargo xtask run`, practice and tests.
//!
//! Prints one JSON line with the addresses, a desk configuration and a control port, then obeys
//! JSON lines ([`BenchCommand`]) on standard input and on the loopback control port, one reply line
//! each. Ends when standard input closes, unless `--stay` is given.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::ExitCode;

use motcua_drivers::simulators::{Bench, BenchCommand, BenchOptions, BenchReply, Over};
use serde_json::json;

const HELP: &str = "\
motcua-devices DIR [--over desk|tcp|pty] [--stay]

Starts a simulated receipt printer, barcode reader, two-line display, signature pad and scan
folder. Ports and the folder are made in DIR. The first line printed is JSON:
  {\"devices\":{\"receipt\":\"tcp:127.0.0.1:41231\",\"reader\":\"serial:DIR/tty/reader\",…,\"folder\":\"…\"},
   \"desk\":{…settings of a desk that uses them…},\"control\":\"127.0.0.1:41235\"}
Then each line of JSON on standard input or on the control port is obeyed, with one line of reply:
  {\"do\":\"scan\",\"text\":\"001090…|…\"}             hold a card before the reader
  {\"do\":\"drop_scan\",\"pages\":2,\"how\":\"in_place\",\"over_ms\":1500}
  {\"do\":\"sign\"}                                 write on the pad
  {\"do\":\"printer_fault\",\"fault\":\"cover_open\",\"on\":true}
  {\"do\":\"end_paper_after\",\"rows\":300}  {\"do\":\"load_paper\"}  {\"do\":\"power_cycle\"}
  {\"do\":\"pull\",\"device\":\"receipt\",\"after_bytes\":4000}  {\"do\":\"plug\",\"device\":\"receipt\"}
  {\"do\":\"paper\"}  {\"do\":\"display\"}  {\"do\":\"state\"}
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("motcua-devices: {error}");
            ExitCode::FAILURE
        }
    }
}

struct Arguments {
    dir: PathBuf,
    options: BenchOptions,
    stay: bool,
}

fn arguments() -> Result<Option<Arguments>, io::Error> {
    let wrong = |text: String| io::Error::new(io::ErrorKind::InvalidInput, text);
    let mut arguments = std::env::args().skip(1);
    let (mut dir, mut options, mut stay) = (None, BenchOptions::desk(), false);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "-h" | "--help" => return Ok(None),
            "--stay" => stay = true,
            "--over" => {
                options = match arguments.next().as_deref() {
                    Some("desk") => BenchOptions::desk(),
                    Some("tcp") => BenchOptions::all(Over::Tcp),
                    Some("pty") => BenchOptions::all(Over::Pty),
                    other => return Err(wrong(format!("--over {other:?}: desk, tcp or pty"))),
                }
            }
            path if !path.starts_with('-') && dir.is_none() => dir = Some(PathBuf::from(path)),
            other => return Err(wrong(format!("unknown argument {other}; see --help"))),
        }
    }
    let dir = dir.ok_or_else(|| wrong("a folder is needed; see --help".to_owned()))?;
    Ok(Some(Arguments { dir, options, stay }))
}

fn run() -> Result<(), io::Error> {
    let Some(Arguments { dir, options, stay }) = arguments()? else {
        print!("{HELP}");
        return Ok(());
    };
    let bench = Bench::start(&dir, options).map_err(io::Error::other)?;
    let control = TcpListener::bind("127.0.0.1:0")?;
    let first = json!({
        "devices": bench.addresses(),
        "desk": bench.desk().map_err(io::Error::other)?,
        "control": control.local_addr()?.to_string(),
    });
    println!("{first}");
    io::stdout().flush()?;
    let remote = bench.clone();
    std::thread::spawn(move || {
        for stream in control.incoming().flatten() {
            let bench = remote.clone();
            std::thread::spawn(move || serve_control(&bench, stream));
        }
    });
    obey_lines(&bench, io::stdin().lock(), io::stdout())?;
    if stay {
        loop {
            std::thread::park();
        }
    }
    Ok(())
}

fn serve_control(bench: &Bench, stream: TcpStream) {
    let Ok(reading) = stream.try_clone() else {
        return;
    };
    // A client that hangs up in the middle of a line is no error of ours.
    if let Err(error) = obey_lines(bench, BufReader::new(reading), stream) {
        eprintln!("motcua-devices: control connection ended: {error}");
    }
}

fn obey_lines(bench: &Bench, lines: impl BufRead, mut replies: impl Write) -> io::Result<()> {
    for line in lines.lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let reply = match serde_json::from_str::<BenchCommand>(&line) {
            Ok(command) => bench.command(command),
            Err(error) => BenchReply::Error {
                message: error.to_string(),
            },
        };
        let reply = serde_json::to_string(&reply).map_err(io::Error::other)?;
        writeln!(replies, "{reply}")?;
        replies.flush()?;
    }
    Ok(())
}
