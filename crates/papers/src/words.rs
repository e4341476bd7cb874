//! Dates, times, numbers and money as Vietnamese papers write them.

use jiff::civil::{Date, DateTime, Weekday};

use crate::text::NBSP;

/// `ngày 05 tháng 02 năm 2026`: days below 10 and months 1 and 2 carry a zero (Decree 30/2020,
/// annex I).
pub(crate) fn date_words(date: Date) -> String {
    let month = if date.month() <= 2 {
        format!("{:02}", date.month())
    } else {
        date.month().to_string()
    };
    format!(
        "ngày{NBSP}{:02} tháng{NBSP}{month} năm{NBSP}{}",
        date.day(),
        date.year()
    )
}

/// `09 giờ 15 phút, ngày 23 tháng 11 năm 2026`.
pub(crate) fn moment_words(at: DateTime) -> String {
    format!("{}, {}", time_words(at), date_words(at.date()))
}

/// `09 giờ 15 phút`.
pub(crate) fn time_words(at: DateTime) -> String {
    format!("{:02}{NBSP}giờ {:02}{NBSP}phút", at.hour(), at.minute())
}

/// `09:15 23/11/2026`, for narrow papers.
pub(crate) fn moment_short(at: DateTime) -> String {
    format!(
        "{:02}:{:02}{NBSP}{}",
        at.hour(),
        at.minute(),
        date_short(at.date())
    )
}

/// `23/11/2026`.
pub(crate) fn date_short(date: Date) -> String {
    format!("{:02}/{:02}/{}", date.day(), date.month(), date.year())
}

/// `thứ Hai` … `Chủ nhật`.
pub(crate) fn weekday(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "thứ Hai",
        Weekday::Tuesday => "thứ Ba",
        Weekday::Wednesday => "thứ Tư",
        Weekday::Thursday => "thứ Năm",
        Weekday::Friday => "thứ Sáu",
        Weekday::Saturday => "thứ Bảy",
        Weekday::Sunday => "Chủ nhật",
    }
}

/// `20.000 đồng`.
pub(crate) fn money(amount_vnd: u64) -> String {
    let digits = amount_vnd.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    format!("{out}{NBSP}đồng")
}

/// A count with a leading zero, as forms write it: `01`, `12`.
pub(crate) fn count(number: u32) -> String {
    format!("{number:02}")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates_carry_zeros_where_the_decree_puts_them() {
        let table = [
            (date(2026, 11, 23), "ngày 23 tháng 11 năm 2026"),
            (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
            (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        ];
        for (day, words) in table {
            assert_eq!(date_words(day).replace(NBSP, " "), words);
        }
    }

    #[test]
    fn moments_in_words_and_in_short() {
        let at = date(2026, 11, 23).at(9, 5, 0, 0);
        assert_eq!(
            moment_words(at).replace(NBSP, " "),
            "09 giờ 05 phút, ngày 23 tháng 11 năm 2026"
        );
        assert_eq!(moment_short(at).replace(NBSP, " "), "09:05 23/11/2026");
        assert_eq!(weekday(at.date()), "thứ Hai");
    }

    #[test]
    fn money_is_grouped_by_three_from_the_right() {
        let table = [
            (0, "0"),
            (800, "800"),
            (8_000, "8.000"),
            (150_000, "150.000"),
            (1_234_567, "1.234.567"),
        ];
        for (amount, text) in table {
            assert_eq!(money(amount).replace(NBSP, " "), format!("{text} đồng"));
        }
    }
}
