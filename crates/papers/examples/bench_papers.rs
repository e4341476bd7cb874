//! Times and sizes of the papers against their limits, one line a paper.
//!
//! `first` is the first paper after the program starts, with fonts and templates still to be read;
//! p50 and p99 are of the 200 after it, and the ratio is of p99 to the limit.
//!
//! `cargo run --release -p motcua-papers --example bench_papers`

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use motcua_papers::PaperError;
use motcua_papers::form01::{PageSize, Reception, render_pdf, render_png};
use motcua_papers::slip::{self, TicketSlip};

const ROUNDS: usize = 200;
const FORM_LIMIT: Duration = Duration::from_millis(20);
const FORM_LIMIT_BYTES: usize = 60_000;
const SLIP_LIMIT: Duration = Duration::from_millis(10);
const PREVIEW_DPI: u32 = 100;

fn main() -> Result<(), Box<dyn Error>> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let read = |name: &str| std::fs::read_to_string(cases.join(name));
    let birth: Reception = serde_json::from_str(&read("birth.json")?)?;
    let long: Reception = serde_json::from_str(&read("long.json")?)?;
    let ticket: TicketSlip = serde_json::from_str(&read("ticket.json")?)?;
    println!("paper                     first ms   p50 ms   p99 ms  ratio    bytes  ratio");
    for (name, record) in [("birth", &birth), ("long", &long)] {
        for (size, label) in [(PageSize::A5, "A5"), (PageSize::A4, "A4")] {
            let title = format!("form 01 PDF {label} {name}");
            let form = || Ok(render_pdf(record, size)?.len());
            report(&title, FORM_LIMIT, Some(FORM_LIMIT_BYTES), form)?;
        }
        let title = format!("slip raster {name}");
        report(&title, SLIP_LIMIT, None, || {
            Ok(slip::reception(record)?.bits.len())
        })?;
    }
    report("queue ticket raster", SLIP_LIMIT, None, || {
        Ok(slip::ticket(&ticket)?.bits.len())
    })?;
    let preview = || {
        Ok(render_png(&birth, PageSize::A5, PREVIEW_DPI)?
            .concat()
            .len())
    };
    report("form 01 PNG A5 100 dpi", FORM_LIMIT, None, preview)?;
    Ok(())
}

/// Runs `work`, which gives the size of what it made, and prints one line.
fn report(
    title: &str,
    limit: Duration,
    limit_bytes: Option<usize>,
    work: impl Fn() -> Result<usize, PaperError>,
) -> Result<(), PaperError> {
    let timed = || -> Result<(Duration, usize), PaperError> {
        let start = Instant::now();
        let bytes = work()?;
        Ok((start.elapsed(), bytes))
    };
    let (first, bytes) = timed()?;
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        times.push(timed()?.0);
    }
    times.sort();
    let (p50, p99) = (times[ROUNDS / 2], times[ROUNDS * 99 / 100]);
    let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
    let ratio = p99.as_secs_f64() / limit.as_secs_f64();
    let size_ratio = limit_bytes.map_or_else(String::new, |limit| {
        format!("{:.2}", bytes as f64 / limit as f64)
    });
    println!(
        "{title:<25} {:>8.2} {:>8.2} {:>8.2} {ratio:>6.2} {bytes:>8} {size_ratio:>6}",
        milliseconds(first),
        milliseconds(p50),
        milliseconds(p99),
    );
    Ok(())
}
