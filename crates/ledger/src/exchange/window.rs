//! How much goes into one call: halved when the other side finds it too large or too slow, doubled
//! back when it works.

/// An adaptive size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    now: usize,
    min: usize,
    max: usize,
}

impl Window {
    /// A window that starts fully open.
    #[must_use]
    pub fn new(min: usize, max: usize) -> Self {
        let max = max.max(min);
        Self { now: max, min, max }
    }

    /// The other side announces another largest size. What was found too much before stays so.
    pub fn limit(&mut self, max: usize) {
        let was_open = self.now == self.max;
        self.max = max.max(self.min);
        self.now = if was_open {
            self.max
        } else {
            self.now.min(self.max)
        };
    }

    /// The size to use now.
    #[must_use]
    pub fn get(self) -> usize {
        self.now
    }

    /// Half of `used`. False when it cannot be smaller.
    pub fn halve(&mut self, used: usize) -> bool {
        if used <= self.min {
            return false;
        }
        self.now = (used.min(self.now) / 2).max(self.min);
        true
    }

    /// It worked: twice as much next time.
    pub fn grow(&mut self) {
        self.now = self.now.saturating_mul(2).min(self.max);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_halves_to_one_and_doubles_back() {
        let mut window = Window::new(1, 500);
        let mut sizes = vec![window.get()];
        while window.halve(window.get()) {
            sizes.push(window.get());
        }
        assert_eq!(sizes, [500, 250, 125, 62, 31, 15, 7, 3, 1]);
        for _ in 0..20 {
            window.grow();
        }
        assert_eq!(window.get(), 500);
    }

    #[test]
    fn a_new_session_does_not_forget_that_the_line_is_slow() {
        let mut window = Window::new(1, 1);
        window.limit(500);
        assert_eq!(window.get(), 500);
        window.halve(500);
        window.limit(500);
        assert_eq!(window.get(), 250);
        window.limit(100);
        assert_eq!(window.get(), 100);
    }

    #[test]
    fn half_of_what_was_really_sent() {
        let mut window = Window::new(1, 500);
        assert!(
            window.halve(3),
            "only three were in the outbox and they were too large"
        );
        assert_eq!(window.get(), 1);
        assert!(!window.halve(1), "one operation cannot be halved");
    }
}
