//! Form 01, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả".

mod model;

pub use model::{
    CopiesState, FeeLine, Office, PaperLine, PenPoint, Reception, RegisterEntry, Reprint,
    Signature, Stroke,
};
