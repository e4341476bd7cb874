//! Persons as a counter knows them: name, date of birth, sex, personal number, phone, and what the
//! QR code of an identity card says.
//!
//! Owns: types that only exist when they are well formed, and the warnings a clerk should see when
//! well-formed facts contradict each other.
//! Deliberately does not: prove identity (the QR code is unsigned text; it saves typing), look
//! anybody up, or print a whole personal number by accident: `Debug` and `Display` mask it, only
//! [`PersonalNumber::reveal`] gives it out.

mod birth;
pub mod card;
mod name;
mod number;
mod phone;
mod places;
mod sex;

pub use birth::{BirthDate, BirthDateError};
pub use name::{NameError, PersonName};
pub use number::{
    NumberError, NumberWarning, OldId, OldIdError, OldIdRemark, PersonalNumber, RegistrationPlace,
};
pub use phone::{Phone, PhoneError};
pub use sex::Sex;

#[cfg(test)]
mod tests;
