//! The explanation of a due date: one note per day, in words that a citizen can follow.

use jiff::civil::{Date, DateTime, Time, Weekday};
use serde::{Deserialize, Serialize};

use super::days::{DayClass, DayInfo, DayKind};
use super::limit::TimeLimit;
use super::reception::Reception;

/// Why a day appears in the explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// The day that counts as the day of reception.
    Received,
    /// A day (week, month, share of hours) that counts towards the limit.
    Counted,
    /// Weekly rest, skipped.
    Weekend,
    /// Public holiday, skipped.
    Holiday,
    /// Compensatory day off, skipped.
    CompensatoryOff,
    /// Day off by exchange, skipped.
    SwapOff,
    /// Make-up working day; it counts.
    SwapWork,
    /// Handed in when the desk was closed; counts as received later.
    AfterHours,
    /// The first working day after a last day that was a day of rest.
    LastDayMoved,
    /// A working day on which this desk does not open (limits in hours only).
    DeskClosed,
    /// The due date that an extension starts from.
    PreviousDue,
}

impl NoteKind {
    /// Whether the day counts towards a limit in days.
    pub fn counts(self) -> bool {
        matches!(self, NoteKind::Counted | NoteKind::SwapWork)
    }

    /// Whether the day was passed over.
    pub fn is_skipped(self) -> bool {
        match self {
            NoteKind::Weekend
            | NoteKind::Holiday
            | NoteKind::CompensatoryOff
            | NoteKind::SwapOff
            | NoteKind::AfterHours
            | NoteKind::DeskClosed => true,
            NoteKind::Received
            | NoteKind::Counted
            | NoteKind::SwapWork
            | NoteKind::LastDayMoved
            | NoteKind::PreviousDue => false,
        }
    }
}

/// One day of the explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayNote {
    /// The day.
    pub date: Date,
    /// Why it appears.
    pub kind: NoteKind,
    /// The same in Vietnamese, as printed.
    pub why: String,
    /// For limits in hours: the open minutes of this day that count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<i64>,
}

impl DayNote {
    pub(super) fn new(date: Date, kind: NoteKind, why: impl Into<String>) -> DayNote {
        DayNote {
            date,
            kind,
            why: why.into(),
            minutes: None,
        }
    }

    /// A day that is passed over because nobody works.
    pub(super) fn skipped(date: Date, info: DayInfo<'_>) -> DayNote {
        let weekday = weekday_name(date.weekday());
        let (kind, why) = match info.class {
            DayClass::Special(DayKind::Holiday) => {
                (NoteKind::Holiday, format!("Nghỉ lễ: {}.", info.name))
            }
            DayClass::Special(DayKind::CompensatoryOff) => {
                (NoteKind::CompensatoryOff, format!("{}.", info.name))
            }
            DayClass::Special(DayKind::SwapOff) => (NoteKind::SwapOff, format!("{}.", info.name)),
            DayClass::Special(DayKind::SwapWork) => {
                let why = format!("{weekday} làm bù, không tính vào thời hạn giải quyết.");
                (NoteKind::Weekend, why)
            }
            DayClass::WeeklyRest => (NoteKind::Weekend, format!("{weekday}, nghỉ hằng tuần.")),
            DayClass::Working => (
                NoteKind::DeskClosed,
                format!("{weekday}, quầy này không mở cửa."),
            ),
        };
        DayNote::new(date, kind, why)
    }

    /// A working day that counts as number `nth` of the limit.
    pub(super) fn working(date: Date, info: DayInfo<'_>, nth: u32, of: u32) -> DayNote {
        let count = format!("ngày làm việc thứ {nth} trong {of}");
        match info.class {
            DayClass::Special(DayKind::SwapWork) => DayNote::new(
                date,
                NoteKind::SwapWork,
                format!("{}, tính là {count}.", info.name),
            ),
            _ => DayNote::new(date, NoteKind::Counted, capitalised(&count)),
        }
    }

    /// A day of a limit in plain days: it counts even when nobody works.
    pub(super) fn plain(date: Date, info: DayInfo<'_>, nth: u32, of: u32) -> DayNote {
        let off = match info.class {
            DayClass::WeeklyRest => format!(" ({}, vẫn tính)", weekday_name(date.weekday())),
            DayClass::Special(DayKind::Holiday) => format!(" ({}, vẫn tính)", info.name),
            _ => String::new(),
        };
        DayNote::new(
            date,
            NoteKind::Counted,
            format!("Ngày thứ {nth} trong {of}{off}."),
        )
    }

    /// The corresponding day after `nth` whole weeks or months.
    pub(super) fn period(date: Date, nth: u32, limit: TimeLimit) -> DayNote {
        let unit = limit.unit().vietnamese();
        let why = format!(
            "Tròn {nth} trong {} {unit}: {}.",
            limit.amount(),
            vietnamese_date(date)
        );
        DayNote::new(date, NoteKind::Counted, why)
    }

    /// The share of a limit in hours that falls on this day.
    pub(super) fn hours(date: Date, minutes: i64, of: i64) -> DayNote {
        let why = format!("Tính {} trong {}.", duration(minutes), duration(of));
        DayNote {
            minutes: Some(minutes),
            ..DayNote::new(date, NoteKind::Counted, why)
        }
    }

    /// The day to which the end of the limit moves.
    pub(super) fn moved(date: Date, from: Date) -> DayNote {
        let why = format!(
            "Ngày cuối của thời hạn là {}, ngày nghỉ; thời hạn kết thúc vào ngày làm việc tiếp theo \
             (khoản 5 Điều 148 Bộ luật Dân sự).",
            vietnamese_date(from)
        );
        DayNote::new(date, NoteKind::LastDayMoved, why)
    }

    /// The day of reception of a limit in days, weeks or months.
    pub(super) fn received(reception: &Reception) -> DayNote {
        let why = format!(
            "{}; ngày tiếp nhận không tính vào thời hạn (khoản 2 Điều 147 Bộ luật Dân sự).",
            reception.words()
        );
        DayNote::new(reception.counts_from.date(), NoteKind::Received, why)
    }

    /// The day of reception of a limit in hours, with its share of the limit.
    pub(super) fn received_hours(reception: &Reception, minutes: i64, of: i64) -> DayNote {
        let words = reception.words();
        let why = if minutes == 0 {
            format!("{words}, khi quầy đóng cửa; thời hạn tính từ khi quầy mở cửa.")
        } else {
            let (used, of) = (duration(minutes), duration(of));
            format!("{words}, thời hạn tính ngay: {used} trong {of}.")
        };
        let date = reception.counts_from.date();
        DayNote {
            minutes: Some(minutes),
            ..DayNote::new(date, NoteKind::Received, why)
        }
    }

    /// Handed in while the desk was closed.
    pub(super) fn after_hours(handed_in: DateTime, counts_from: DateTime) -> DayNote {
        let why = format!(
            "Nộp lúc {}, ngoài giờ tiếp nhận; tính là tiếp nhận lúc {} {}.",
            clock(handed_in.time()),
            clock(counts_from.time()),
            vietnamese_date(counts_from.date())
        );
        DayNote::new(handed_in.date(), NoteKind::AfterHours, why)
    }
}

/// "Thứ Hai" … "Chủ Nhật".
pub fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Thứ Hai",
        Weekday::Tuesday => "Thứ Ba",
        Weekday::Wednesday => "Thứ Tư",
        Weekday::Thursday => "Thứ Năm",
        Weekday::Friday => "Thứ Sáu",
        Weekday::Saturday => "Thứ Bảy",
        Weekday::Sunday => "Chủ Nhật",
    }
}

/// "Thứ Hai 23/11/2026".
pub fn vietnamese_date(date: Date) -> String {
    let weekday = weekday_name(date.weekday());
    format!(
        "{weekday} {:02}/{:02}/{:04}",
        date.day(),
        date.month(),
        date.year()
    )
}

pub(super) fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

fn duration(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} phút"),
        (hours, 0) => format!("{hours} giờ"),
        (hours, minutes) => format!("{hours} giờ {minutes} phút"),
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first: String = chars
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{first}{}.", chars.as_str())
}
