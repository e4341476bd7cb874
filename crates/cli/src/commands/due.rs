//! `motcua due`: received, limit, unit → the date and every day's reason.

use std::path::PathBuf;

use anyhow::Context;
use clap::ValueEnum;
use jiff::civil::DateTime;
use motcua_core::calendar::{
    self, Calendar, DayNote, DueOptions, DueRequest, DueWarning, LimitUnit, OpeningHours, Term,
    TimeLimit,
};
use serde::Serialize;
use serde_json::json;

use crate::output::Outcome;

/// Ví dụ: motcua due --received 2026-11-23T09:15 --limit 3 --unit working_day
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Thời điểm nhận, giờ Việt Nam, ví dụ 2026-11-23T09:15
    #[arg(long)]
    received: DateTime,
    /// Thời hạn, số nguyên từ 1
    #[arg(long)]
    limit: u32,
    /// Đơn vị của thời hạn
    #[arg(long, value_enum)]
    unit: Unit,
    /// Lịch nghỉ (JSON); không nêu thì dùng lịch Việt Nam kèm theo phần mềm
    #[arg(long)]
    calendar: Option<PathBuf>,
    /// Giờ mở cửa (JSON); không nêu thì 07:00–11:30 và 13:30–17:00, thứ Hai đến thứ Sáu
    #[arg(long)]
    hours: Option<PathBuf>,
    /// Ngày làm bù (thứ Bảy) không tính là ngày làm việc
    #[arg(long)]
    makeup_off: bool,
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Unit {
    /// ngày làm việc
    WorkingDay,
    /// ngày
    Day,
    /// giờ làm việc (8 giờ là một ngày)
    Hour,
    /// tuần
    Week,
    /// tháng
    Month,
}

impl From<Unit> for LimitUnit {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::WorkingDay => Self::WorkingDay,
            Unit::Day => Self::Day,
            Unit::Hour => Self::Hour,
            Unit::Week => Self::Week,
            Unit::Month => Self::Month,
        }
    }
}

#[derive(Serialize)]
struct Answer {
    due_on: jiff::civil::Date,
    due_at: DateTime,
    received_as: DateTime,
    explanation: Vec<DayNote>,
    calendar: String,
    legal_basis: String,
    warnings: Vec<DueWarning>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let limit = match TimeLimit::new(args.limit, args.unit.into()) {
        Ok(limit) => limit,
        Err(error) => {
            return Ok(Outcome::refused(
                "limit",
                &error.to_string(),
                json!({ "limit": args.limit }),
            ));
        }
    };
    let calendar = match &args.calendar {
        Some(path) => {
            let text = super::read_text(path)?;
            match Calendar::from_json(&text) {
                Ok(calendar) => calendar,
                Err(error) => {
                    return Ok(Outcome::refused("calendar", &error.to_string(), json!({})));
                }
            }
        }
        None => Calendar::vietnam(),
    };
    let hours = match &args.hours {
        Some(path) => serde_json::from_str(&super::read_text(path)?).context("giờ mở cửa")?,
        None => OpeningHours::default(),
    };
    let options = DueOptions {
        makeup_saturday_counts: !args.makeup_off,
        ..DueOptions::default()
    };
    let request = DueRequest {
        received: args.received,
        term: Term::Limit(limit),
        options,
    };
    match calendar::due(&request, &calendar, &hours) {
        Ok(due) => Outcome::done(Answer {
            due_on: due.on(),
            due_at: due.at,
            received_as: due.received_as,
            explanation: due.explanation,
            calendar: due.calendar_version,
            legal_basis: due.legal_basis,
            warnings: due.warnings,
        }),
        Err(error) => Ok(Outcome::refused("due", &error.to_string(), json!({}))),
    }
}
