//! Renders a record as the desk would print it, to look at: form 01 as PDF and PNG, and its slip.
//!
//! `cargo run -p motcua-papers --example render_form -- RECORD.json OUT_DIR`

use std::path::Path;

use motcua_papers::form01::{PageSize, Reception, render_pdf, render_png};
use motcua_papers::slip;

const PREVIEW_DPI: u32 = 150;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(record), Some(out)) = (arguments.next(), arguments.next()) else {
        return Err("usage: render_form RECORD.json OUT_DIR".into());
    };
    let text = std::fs::read_to_string(&record)?;
    let stem = Path::new(&record)
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or("form01");
    let out = Path::new(&out);
    std::fs::create_dir_all(out)?;
    if let Ok(ticket) = serde_json::from_str(&text) {
        std::fs::write(
            out.join(format!("{stem}.png")),
            slip::ticket(&ticket)?.to_png()?,
        )?;
        return Ok(());
    }
    let reception: Reception = serde_json::from_str(&text)?;
    for (size, name) in [(PageSize::A5, "a5"), (PageSize::A4, "a4")] {
        std::fs::write(
            out.join(format!("{stem}-{name}.pdf")),
            render_pdf(&reception, size)?,
        )?;
        for (index, page) in render_png(&reception, size, PREVIEW_DPI)?
            .iter()
            .enumerate()
        {
            std::fs::write(out.join(format!("{stem}-{name}-{}.png", index + 1)), page)?;
        }
    }
    std::fs::write(
        out.join(format!("{stem}-slip.png")),
        slip::reception(&reception)?.to_png()?,
    )?;
    Ok(())
}
