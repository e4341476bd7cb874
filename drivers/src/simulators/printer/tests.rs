//! The simulated printer surprises the way real ones do.

use super::*;
use crate::protocols::escpos::command::{Cut, Encoder, NativeQr, QrEcc};
use crate::protocols::escpos::raster::RasterJob;

const NOW: Duration = Duration::ZERO;

fn picture(rows: u32) -> RasterJob {
    let bits = (0..rows * 72).map(|at| (at * 7 % 251) as u8).collect();
    RasterJob::new(576, rows, bits).unwrap()
}

fn bytes_of(raster: &RasterJob) -> Vec<u8> {
    let mut bytes = Encoder::new().init().finish();
    for index in 0..raster.band_count(192) {
        let band = raster.band(index, 192).unwrap();
        bytes.extend(Encoder::new().raster_band(&band).finish());
    }
    bytes
}

#[test]
fn what_is_sent_is_what_comes_out() {
    let raster = picture(400);
    let mut sim = PrinterSim::new(SimTraits::epson());
    sim.receive(NOW, &bytes_of(&raster));
    sim.receive(NOW, &Encoder::new().cut(Cut::FeedPartial).finish());
    sim.advance(NOW);
    let paper = &sim.papers()[0];
    assert_eq!(paper.rows.concat(), raster.bits());
    assert_eq!(paper.end, PaperEnd::Cut);
}

#[test]
fn an_unguarded_image_can_open_the_drawer() {
    let mut sim = PrinterSim::new(SimTraits::epson());
    let raster = RasterJob::new(40, 1, vec![0x10, 0x14, 0x01, 0x00, 0x08]).unwrap();
    sim.receive(NOW, &bytes_of(&raster));
    assert_eq!(sim.drawer_kicks(), 1);
    let guard = Encoder::new().guard_real_time().finish();
    sim.receive(NOW, &guard);
    sim.advance(NOW);
    sim.receive(NOW, &bytes_of(&raster)[2..]);
    assert_eq!(sim.drawer_kicks(), 1, "GS ( D switches the pulse off");
}

#[test]
fn after_a_new_roll_it_prints_the_rest_by_itself_unless_cleared() {
    for cleared in [false, true] {
        let mut sim = PrinterSim::new(SimTraits::epson());
        sim.end_paper_after(100);
        sim.receive(NOW, &bytes_of(&picture(192)));
        sim.advance(NOW);
        assert_eq!(sim.papers()[0].rows.len(), 100);
        if cleared {
            sim.receive(NOW, &Encoder::new().clear_buffer().finish());
            assert_eq!(sim.take_output(), [0x37, 0x25, 0x00]);
        }
        sim.load_paper();
        sim.advance(NOW);
        sim.tear_off();
        assert_eq!(sim.pieces(), if cleared { 1 } else { 2 });
    }
}

#[test]
fn a_full_buffer_does_not_even_hear_a_question() {
    let mut sim = PrinterSim::new(SimTraits::clone_80mm());
    sim.faults().cover_open = true;
    let bytes = bytes_of(&picture(192));
    let taken = sim.receive(NOW, &bytes);
    assert_eq!(taken, 4096);
    assert_eq!(sim.receive(NOW, &[0x10, 0x04, 0x01]), 0);
    assert!(sim.take_output().is_empty());
}

#[test]
fn barriers_are_answered_after_the_paper_and_in_order() {
    let traits = SimTraits {
        rows_per_second: 1_000,
        ..SimTraits::epson()
    };
    let mut sim = PrinterSim::new(traits);
    sim.receive(NOW, &bytes_of(&picture(100)));
    sim.receive(
        NOW,
        &Encoder::new()
            .cut(Cut::Full)
            .paper_sensor()
            .process_id(*b"A001")
            .finish(),
    );
    sim.advance(Duration::from_millis(50));
    assert!(sim.take_output().is_empty());
    sim.advance(Duration::from_millis(120));
    assert_eq!(sim.take_output(), b"\x00\x37\x22A001\x00");
    assert_eq!(sim.pieces(), 1);
}

#[test]
fn a_native_qr_is_drawn_and_its_text_noted() {
    let mut sim = PrinterSim::new(SimTraits::epson());
    let qr = NativeQr::new("H56.6.17-261123-0001", 6, QrEcc::M).unwrap();
    sim.receive(NOW, &Encoder::new().qr(&qr).cut(Cut::Full).finish());
    sim.advance(NOW);
    let paper = &sim.papers()[0];
    assert_eq!(paper.qr, ["H56.6.17-261123-0001"]);
    assert_eq!(paper.rows.len() % 6, 0);
    assert!(!paper.is_blank());
}

#[test]
fn automatic_status_tells_the_cover_once() {
    let mut sim = PrinterSim::new(SimTraits::epson());
    sim.receive(NOW, &Encoder::new().automatic_status(true).finish());
    sim.advance(NOW);
    assert_eq!(sim.take_output(), [0x10, 0, 0, 0]);
    sim.faults().cover_open = true;
    sim.advance(NOW);
    assert_eq!(sim.take_output(), [0x38, 0, 0, 0]);
    sim.advance(NOW);
    assert!(sim.take_output().is_empty());
}
