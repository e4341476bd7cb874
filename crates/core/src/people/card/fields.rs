//! The fields of a card, each judged alone.

use jiff::civil::Date;

use super::{CardDoubt, CardField, CardRead, CardWarning};
use crate::people::birth::{BirthDate, BirthDateError};
use crate::people::name::PersonName;
use crate::people::number::{NumberWarning, OldId, PersonalNumber};
use crate::people::sex::Sex;
use crate::text::{has_replacement, looks_misread};

/// Reads field after field and collects the doubts.
#[derive(Default)]
pub(super) struct Reader {
    warnings: Vec<CardWarning>,
}

impl Reader {
    pub(super) fn doubt(&mut self, field: CardField, code: CardDoubt) {
        self.warnings.push(CardWarning { field, code });
    }

    pub(super) fn card(mut self, number: PersonalNumber, fields: &[String]) -> CardRead {
        let old_left_out = leaves_out_old_id(fields);
        let at = if old_left_out { 1 } else { 2 };
        let field = |index: usize| fields.get(index).map_or("", String::as_str);
        let old_id = if old_left_out {
            None
        } else {
            self.old_id(field(1))
        };
        let name = self.required(CardField::Name, field(at), Reader::name);
        let born_on = self.required(CardField::BornOn, field(at + 1), Reader::birth);
        let sex = self.required(CardField::Sex, field(at + 2), Reader::sex);
        let residence = self.required(CardField::Residence, field(at + 3), Reader::letters);
        let issued_on = self.required(CardField::IssuedOn, field(at + 4), Reader::issue);
        self.compare(&number, sex, born_on, issued_on);
        let father = self.name(CardField::Father, field(at + 6));
        let mother = self.name(CardField::Mother, field(at + 7));
        let other = [at + 5, at + 8]
            .into_iter()
            .filter(|index| !field(*index).is_empty());
        let other = other
            .map(|index| (index, field(index).to_owned()))
            .collect();
        let (field_count, warnings) = (fields.len(), self.warnings);
        CardRead {
            number,
            old_id,
            name,
            born_on,
            sex,
            residence,
            issued_on,
            father,
            mother,
            other,
            field_count,
            warnings,
        }
    }

    fn required<T>(
        &mut self,
        field: CardField,
        text: &str,
        read: impl Fn(&mut Reader, CardField, &str) -> Option<T>,
    ) -> Option<T> {
        if text.is_empty() {
            self.doubt(field, CardDoubt::Missing);
            return None;
        }
        read(self, field, text)
    }

    fn old_id(&mut self, text: &str) -> Option<OldId> {
        if text.is_empty() {
            return None;
        }
        let read = text.parse().ok();
        if read.is_none() {
            self.doubt(CardField::OldId, CardDoubt::Malformed);
        }
        read
    }

    /// A text of letters, unless some of them were lost on the way.
    fn letters(&mut self, field: CardField, text: &str) -> Option<String> {
        if has_replacement(text) || text.contains('?') {
            self.doubt(field, CardDoubt::LettersLost);
            return None;
        }
        if looks_misread(text) {
            self.doubt(field, CardDoubt::Misread);
            return None;
        }
        Some(text.to_owned())
    }

    fn name(&mut self, field: CardField, text: &str) -> Option<PersonName> {
        if text.is_empty() {
            return None;
        }
        let text = self.letters(field, text)?;
        if text.chars().any(|c| c.is_numeric()) {
            self.doubt(field, CardDoubt::DigitsInName);
        }
        let name = text.parse().ok();
        if name.is_none() {
            self.doubt(field, CardDoubt::Malformed);
        }
        name
    }

    fn birth(&mut self, field: CardField, text: &str) -> Option<BirthDate> {
        match text.parse() {
            Ok(birth) if eight_digits(text) => Some(birth),
            Err(BirthDateError::NoSuchDay | BirthDateError::Year(_)) if eight_digits(text) => {
                self.doubt(field, CardDoubt::NoSuchDate);
                None
            }
            Ok(_) | Err(_) => {
                self.doubt(field, CardDoubt::Malformed);
                None
            }
        }
    }

    fn issue(&mut self, field: CardField, text: &str) -> Option<Date> {
        let birth_like = self.birth(field, text)?;
        let issued = birth_like.day();
        if issued.is_none() {
            self.doubt(field, CardDoubt::NoSuchDate);
        }
        issued
    }

    fn sex(&mut self, field: CardField, text: &str) -> Option<Sex> {
        let sex = Sex::parse(text);
        if sex.is_none() {
            self.doubt(field, CardDoubt::Malformed);
        }
        sex
    }

    fn compare(
        &mut self,
        number: &PersonalNumber,
        sex: Option<Sex>,
        born: Option<BirthDate>,
        issued: Option<Date>,
    ) {
        for warning in number.warnings_against(sex, born.map(BirthDate::year)) {
            let code = match warning {
                NumberWarning::UnknownPlace => CardDoubt::NumberUnknownPlace,
                NumberWarning::SexDiffers => CardDoubt::NumberSexDiffers,
                NumberWarning::YearDiffers => CardDoubt::NumberYearDiffers,
            };
            self.doubt(CardField::Number, code);
        }
        if let (Some(born), Some(issued)) = (born, issued)
            && !born.is_on_or_before(issued)
        {
            self.doubt(CardField::IssuedOn, CardDoubt::IssuedBeforeBirth);
        }
    }
}

/// The second field is a name and the third a date: the number of the old card was left out.
fn leaves_out_old_id(fields: &[String]) -> bool {
    let has_letters = |at: usize| {
        fields
            .get(at)
            .is_some_and(|f| f.chars().any(char::is_alphabetic))
    };
    has_letters(1) && !has_letters(2)
}

fn eight_digits(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit())
}
