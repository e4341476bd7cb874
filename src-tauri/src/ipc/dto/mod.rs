//! What crosses the border to the screens: one Rust shape for every view model of
//! `ui/src/lib/host/model`, with the same names and the same tags.
//!
//! Owns the shapes and nothing else: no rule, no sentence, no conversion (`ipc::convert`). Domain types
//! never appear here, so a change below the border is a compile error in one place and not a surprise
//! on a screen.

// The words of the contract are said once, beside the screens in `ui/src/lib/host/model`.
#![allow(missing_docs)]

mod common;
mod desk;
mod dossier;
mod hall;
mod intake;
mod intake_change;
mod intake_parts;
mod office;
mod practice;
mod status;

pub use common::{
    Appearance, DossierChannel, FieldProblem, FieldProblemCode, Gender, Id, Language, LimitUnit,
    LocalDate, LocalDateTime, LocalTime, PartialDate, PriorityReason, ResultMethod, Theme,
    TimeLimit, Vnd,
};
pub use desk::{
    CurrentTicket, DeskRights, DeskView, HallTotals, HeldTicket, IssuedTicket, TicketStage,
    WaitingTicket,
};
pub use dossier::{
    ActionRefusal, DossierAction, DossierActionKind, DossierPaper, DossierView, DueState,
    MatchedBy, OpenedForm, PrintDocument, PrintJob, PrintState, ReprintReason, SearchHit,
    SearchView, TimelineEntry, TimelineKind,
};
pub use hall::{HallCall, HallView, HallWait};
pub use intake::{IntakeView, PersonDifference, PersonView, Received, Source, Sourced};
pub use intake_change::{IntakePatch, IntakePatchKind, PaperCount, PersonField, UndoStep};
pub use intake_parts::{
    AttachedScan, CaseOption, ChannelOption, ChosenProcedure, DossierState, DueProblem, DueStep,
    DueStepKind, DueView, EarlierDossier, FeeExemption, FeeKind, FeeLine, FeeState, FeeView, Force,
    InkPoint, InkStroke, IntakeHint, PaperRow, ProcedureHit, ReusablePaper, ScanItem,
    ScanItemState, ScanOrigin, ScanQuality, ScanRefusal, SignRequest, SignatureState, SignatureVia,
    SignatureView, SubmitterView,
};
pub use office::{
    AppState, CatalogueChoice, CounterDraft, CounterView, FieldView, OfficeDraft, OfficeView,
    OpeningSpan, RecoveredDraft, SessionView, SetupOptions, StaffDraft, StaffRole, StaffView,
    Stage,
};
pub use practice::{
    PracticeDevice, PracticeFault, PracticeLink, PracticeLinks, PracticePerson, PracticeQuirk,
    PracticeScan, PracticeScanQuirk, PracticeView,
};
pub use status::{
    ClockState, ClockView, DeviceChip, DeviceDetail, DeviceRole, DeviceState, DeviceTest,
    DeviceTestOutcome, HealthNote, Lamp, LampName, LampReason, LampState, StatusView,
};
