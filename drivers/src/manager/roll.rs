//! How much paper is left: an estimate from what was printed, corrected by the sensor.

use crate::protocols::escpos::Paper;

/// The roll in a printer.
#[derive(Debug, Clone)]
pub(super) struct Roll {
    total_dots: u64,
    near_end_dots: u64,
    used_dots: Option<u64>,
    slip_dots: Option<u64>,
    ended: bool,
}

impl Roll {
    /// `used_dots` as remembered from the last run; unknown when absent.
    pub(super) fn new(total_dots: u64, near_end_dots: u64, used_dots: Option<u64>) -> Self {
        Self {
            total_dots,
            near_end_dots,
            used_dots,
            slip_dots: None,
            ended: false,
        }
    }

    /// Dots used so far, when known.
    pub(super) fn used_dots(&self) -> Option<u64> {
        self.used_dots
    }

    /// Paper went out.
    pub(super) fn printed(&mut self, dots: u64) {
        if let Some(used) = &mut self.used_dots {
            *used = used.saturating_add(dots);
        }
    }

    /// A whole slip went out; its length makes the estimate.
    pub(super) fn slip(&mut self, dots: u64) {
        self.printed(dots);
        let average = self
            .slip_dots
            .map_or(dots, |average| (average * 7 + dots) / 8);
        self.slip_dots = Some(average.max(1));
    }

    /// The clerk says that a new roll is in.
    pub(super) fn renewed(&mut self) {
        self.used_dots = Some(0);
        self.ended = false;
    }

    /// What the sensor says; an end followed by paper is a new roll.
    pub(super) fn sensed(&mut self, paper: Paper) {
        match paper {
            Paper::Unknown => {}
            Paper::End => self.ended = true,
            Paper::NearEnd => {
                let at_least = self.total_dots.saturating_sub(self.near_end_dots);
                self.used_dots = Some(self.used_dots.unwrap_or(0).max(at_least));
                self.ended = false;
            }
            Paper::Ok if self.ended => self.renewed(),
            Paper::Ok => {}
        }
    }

    /// Slips left, when it can be said.
    pub(super) fn slips_left(&self) -> Option<u32> {
        if self.ended {
            return Some(0);
        }
        let left = self.total_dots.saturating_sub(self.used_dots?);
        u32::try_from(left / self.slip_dots?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_roll_says_nothing_until_the_sensor_or_the_clerk_speaks() {
        let mut roll = Roll::new(400_000, 20_000, None);
        roll.slip(1_000);
        assert_eq!(roll.slips_left(), None);
        roll.sensed(Paper::NearEnd);
        assert_eq!(roll.slips_left(), Some(20));
        roll.slip(1_000);
        assert_eq!(roll.slips_left(), Some(19));
    }

    #[test]
    fn paper_after_an_end_is_a_new_roll() {
        let mut roll = Roll::new(400_000, 20_000, Some(399_000));
        roll.slip(1_000);
        roll.sensed(Paper::End);
        assert_eq!(roll.slips_left(), Some(0));
        roll.sensed(Paper::Ok);
        assert_eq!((roll.used_dots(), roll.slips_left()), (Some(0), Some(400)));
    }

    #[test]
    fn a_longer_roll_than_thought_does_not_count_below_zero() {
        let mut roll = Roll::new(10_000, 0, Some(0));
        for _ in 0..20 {
            roll.slip(1_000);
        }
        assert_eq!(roll.slips_left(), Some(0));
    }
}
