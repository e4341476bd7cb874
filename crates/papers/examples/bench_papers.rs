//! Times and sizes of the papers against their limits, one line a paper.
//!
//! `cargo run --release -p motcua-papers --example bench_papers`

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use motcua_papers::form01::{PageSize, Reception, render_pdf, render_png};
use motcua_papers::slip::{self, TicketSlip};

const ROUNDS: usize = 200;
const FORM_LIMIT: Duration = Duration::from_millis(20);
const FORM_LIMIT_BYTES: usize = 60_000;
const SLIP_LIMIT: Duration = Duration::from_millis(10);

fn main() -> Result<(), Box<dyn Error>> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let read = |name: &str| std::fs::read_to_string(cases.join(name));
    println!(
        "{:<28} {:>9} {:>9} {:>7} {:>9} {:>7}",
        "paper", "p50 ms", "p99 ms", "ratio", "bytes", "ratio"
    );
    for name in ["birth", "long"] {
        let record: Reception = serde_json::from_str(&read(&format!("{name}.json"))?)?;
        for (size, label) in [(PageSize::A5, "A5"), (PageSize::A4, "A4")] {
            let bytes = render_pdf(&record, size)?.len();
            let title = format!("form 01 PDF {label} {name}");
            report(&title, FORM_LIMIT, (bytes, Some(FORM_LIMIT_BYTES)), || {
                render_pdf(&record, size).is_ok()
            });
        }
        let bytes = slip::reception(&record)?.bits.len();
        report(
            &format!("slip raster {name}"),
            SLIP_LIMIT,
            (bytes, None),
            || slip::reception(&record).is_ok(),
        );
    }
    let ticket: TicketSlip = serde_json::from_str(&read("ticket.json")?)?;
    let bytes = slip::ticket(&ticket)?.bits.len();
    report("queue ticket raster", SLIP_LIMIT, (bytes, None), || {
        slip::ticket(&ticket).is_ok()
    });
    let record: Reception = serde_json::from_str(&read("birth.json")?)?;
    let bytes = render_png(&record, PageSize::A5, 100)?.concat().len();
    report("form 01 PNG A5 100 dpi", FORM_LIMIT, (bytes, None), || {
        render_png(&record, PageSize::A5, 100).is_ok()
    });
    Ok(())
}

/// Prints the middle and the slow end of [`ROUNDS`] runs, each as a ratio of its limit.
fn report(
    title: &str,
    limit: Duration,
    (bytes, limit_bytes): (usize, Option<usize>),
    work: impl Fn() -> bool,
) {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            assert!(work(), "{title} was made a moment ago");
            start.elapsed()
        })
        .collect();
    times.sort();
    let (p50, p99) = (times[ROUNDS / 2], times[ROUNDS * 99 / 100]);
    let size = limit_bytes.map_or_else(String::new, |limit| {
        format!("{:.2}", bytes as f64 / limit as f64)
    });
    println!(
        "{title:<28} {:>9.2} {:>9.2} {:>7.2} {bytes:>9} {size:>7}",
        p50.as_secs_f64() * 1e3,
        p99.as_secs_f64() * 1e3,
        p99.as_secs_f64() / limit.as_secs_f64(),
    );
}
