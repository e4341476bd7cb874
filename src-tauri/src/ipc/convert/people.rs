//! The person of an intake, field by field.

use motcua_core::intake::{Difference, PersonField, PersonForm, Source, Sourced, SubmitterForm};
use motcua_core::people::{BirthDate, Sex};

use super::words::{date, date_time};
use crate::ipc::dto;

/// The domain's field for a screen's.
pub(super) fn field_of(field: dto::PersonField) -> PersonField {
    match field {
        dto::PersonField::FullName => PersonField::FullName,
        dto::PersonField::IdNumber => PersonField::IdNumber,
        dto::PersonField::OldIdNumber => PersonField::OldId,
        dto::PersonField::BornOn => PersonField::Born,
        dto::PersonField::Gender => PersonField::Sex,
        dto::PersonField::Address => PersonField::Address,
        dto::PersonField::Phone => PersonField::Phone,
        dto::PersonField::Email => PersonField::Email,
    }
}

/// The screen's field for the domain's.
pub(super) fn shown_field(field: PersonField) -> dto::PersonField {
    match field {
        PersonField::FullName => dto::PersonField::FullName,
        PersonField::IdNumber => dto::PersonField::IdNumber,
        PersonField::OldId => dto::PersonField::OldIdNumber,
        PersonField::Born => dto::PersonField::BornOn,
        PersonField::Sex => dto::PersonField::Gender,
        PersonField::Address => dto::PersonField::Address,
        PersonField::Phone => dto::PersonField::Phone,
        PersonField::Email => dto::PersonField::Email,
    }
}

/// A value as the domain keeps it: the register's word for a sex, everything else as it was typed.
pub(super) fn value_of(field: dto::PersonField, typed: String) -> String {
    match (field, typed.as_str()) {
        (dto::PersonField::Gender, "male") => Sex::Male.vietnamese().to_owned(),
        (dto::PersonField::Gender, "female") => Sex::Female.vietnamese().to_owned(),
        (dto::PersonField::Gender, "unknown") => Sex::Other.vietnamese().to_owned(),
        _ => typed,
    }
}

/// A value as a screen takes it. What cannot be read stays as it was typed, so that it can be mended.
fn shown_value(field: PersonField, value: &str) -> String {
    match field {
        PersonField::Born => value
            .parse::<BirthDate>()
            .map_or_else(|_| value.to_owned(), BirthDate::iso),
        PersonField::Sex => match Sex::parse(value) {
            Some(Sex::Male) => "male".to_owned(),
            Some(Sex::Female) => "female".to_owned(),
            Some(Sex::Other) => "unknown".to_owned(),
            None => String::new(),
        },
        _ => value.to_owned(),
    }
}

pub(super) fn person_view(person: &PersonForm) -> dto::PersonView {
    let shown = |field: PersonField| sourced(field, person.field(field));
    dto::PersonView {
        full_name: shown(PersonField::FullName),
        id_number: shown(PersonField::IdNumber),
        old_id_number: shown(PersonField::OldId),
        born_on: shown(PersonField::Born),
        gender: shown(PersonField::Sex),
        address: shown(PersonField::Address),
        phone: shown(PersonField::Phone),
        email: shown(PersonField::Email),
        card_read_at: person.card_read_at.map(date_time),
        card_issued_on: person.card_issued_on.map(date),
    }
}

fn sourced(field: PersonField, value: &Sourced) -> dto::Sourced {
    dto::Sourced {
        value: shown_value(field, &value.value),
        source: match value.source {
            Source::None => dto::Source::None,
            Source::Card => dto::Source::Card,
            Source::Typed => dto::Source::Typed,
            Source::Record => dto::Source::Record,
        },
        at: value.at.map(date_time),
    }
}

pub(super) fn difference(difference: &Difference) -> dto::PersonDifference {
    dto::PersonDifference {
        field: shown_field(difference.field),
        kept: shown_value(difference.field, &difference.kept),
        offered: shown_value(difference.field, &difference.offered),
    }
}

pub(super) fn submitter_view(form: &SubmitterForm) -> dto::SubmitterView {
    dto::SubmitterView {
        full_name: form.full_name.clone(),
        id_number: form.id_number.clone(),
        phone: form.phone.clone(),
        authority: form.authority.clone(),
    }
}

pub(super) fn submitter_of(view: dto::SubmitterView) -> SubmitterForm {
    SubmitterForm {
        full_name: view.full_name,
        id_number: view.id_number,
        phone: view.phone,
        authority: view.authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_of_birth_that_knows_only_the_year_stays_a_year() {
        for (kept, shown) in [
            ("01/02/1990", "1990-02-01"),
            ("02/1990", "1990-02"),
            ("1990", "1990"),
            ("31/02/1990", "31/02/1990"),
            ("", ""),
        ] {
            assert_eq!(shown_value(PersonField::Born, kept), shown, "{kept}");
        }
    }

    #[test]
    fn a_sex_survives_the_border_in_both_directions() {
        for word in ["male", "female", "unknown", ""] {
            let kept = value_of(dto::PersonField::Gender, word.to_owned());
            assert_eq!(shown_value(PersonField::Sex, &kept), word);
        }
        assert_eq!(shown_value(PersonField::Sex, "Nữ"), "female");
    }

    #[test]
    fn every_field_crosses_and_comes_back() {
        for field in PersonField::ALL {
            assert_eq!(field_of(shown_field(field)), field);
        }
    }

    #[test]
    fn a_name_that_looks_like_a_word_of_a_screen_is_still_a_name() {
        assert_eq!(
            value_of(dto::PersonField::FullName, "male".to_owned()),
            "male"
        );
    }
}
