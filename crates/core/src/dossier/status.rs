//! The ten national statuses of a dossier and the steps between them.

use serde::{Deserialize, Serialize};

/// The national status codes 1–10 (display statuses of the one-stop system, TT 22/2019/TT-BTTTT Đ4;
/// code list of the national portal's dossier exchange).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DossierStatus {
    /// 1, Mới đăng ký.
    Registered,
    /// 2, Được tiếp nhận.
    Received,
    /// 3, Không được tiếp nhận.
    Refused,
    /// 4, Đang xử lý.
    Processing,
    /// 5, Yêu cầu bổ sung giấy tờ.
    AwaitingSupplement,
    /// 6, Yêu cầu thực hiện nghĩa vụ tài chính.
    AwaitingPayment,
    /// 7, Công dân yêu cầu rút hồ sơ.
    Withdrawn,
    /// 8, Dừng xử lý.
    Stopped,
    /// 9, Đã xử lý xong.
    Completed,
    /// 10, Đã trả kết quả.
    Returned,
}

impl DossierStatus {
    /// Every status in the order of its national code.
    pub const ALL: [Self; 10] = [
        Self::Registered,
        Self::Received,
        Self::Refused,
        Self::Processing,
        Self::AwaitingSupplement,
        Self::AwaitingPayment,
        Self::Withdrawn,
        Self::Stopped,
        Self::Completed,
        Self::Returned,
    ];

    /// The national code, 1–10.
    #[must_use]
    pub fn national_code(self) -> u8 {
        match self {
            Self::Registered => 1,
            Self::Received => 2,
            Self::Refused => 3,
            Self::Processing => 4,
            Self::AwaitingSupplement => 5,
            Self::AwaitingPayment => 6,
            Self::Withdrawn => 7,
            Self::Stopped => 8,
            Self::Completed => 9,
            Self::Returned => 10,
        }
    }

    /// The statuses that may follow. Ends have none.
    ///
    /// NĐ 61/2018 Đ17–20 as kept by NĐ 118/2025: a supplement returns to processing; a result is returned
    /// only after it is complete; a stop or a withdrawal ends the dossier.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Registered => &[
                Self::Received,
                Self::Refused,
                Self::AwaitingSupplement,
                Self::Withdrawn,
            ],
            Self::Received | Self::AwaitingPayment => &[
                Self::Processing,
                Self::AwaitingSupplement,
                Self::Withdrawn,
                Self::Stopped,
                Self::Completed,
            ],
            Self::Processing => &[
                Self::AwaitingSupplement,
                Self::AwaitingPayment,
                Self::Withdrawn,
                Self::Stopped,
                Self::Completed,
            ],
            Self::AwaitingSupplement => &[Self::Processing, Self::Withdrawn, Self::Stopped],
            Self::Completed => &[Self::Returned],
            Self::Refused | Self::Withdrawn | Self::Stopped | Self::Returned => &[],
        }
    }

    /// Whether a step from here to `to` exists.
    #[must_use]
    pub fn may_become(self, to: Self) -> bool {
        self.next().contains(&to)
    }
}

#[cfg(test)]
mod tests {
    use super::DossierStatus;

    #[test]
    fn national_codes_run_from_one_to_ten() {
        let codes: Vec<u8> = DossierStatus::ALL
            .iter()
            .map(|s| s.national_code())
            .collect();
        assert_eq!(codes, (1..=10).collect::<Vec<u8>>());
    }

    #[test]
    fn a_result_is_never_returned_before_it_is_complete() {
        for status in DossierStatus::ALL {
            assert_eq!(
                status.may_become(DossierStatus::Returned),
                status == DossierStatus::Completed
            );
        }
    }

    #[test]
    fn an_ended_dossier_stays_ended() {
        for end in [
            DossierStatus::Refused,
            DossierStatus::Withdrawn,
            DossierStatus::Stopped,
            DossierStatus::Returned,
        ] {
            assert!(end.next().is_empty());
        }
    }
}
