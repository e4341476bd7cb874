//! What holds for every due date.

use proptest::prelude::*;

use super::*;

fn any_unit() -> impl Strategy<Value = LimitUnit> {
    prop::sample::select(LimitUnit::ALL.to_vec())
}

fn any_moment() -> impl Strategy<Value = DateTime> {
    // From 2022, before the calendar, to 2028, after it.
    (0i64..7 * 365, 0i8..24, 0i8..60).prop_map(|(days, hour, minute)| {
        date(2022, 1, 1)
            .saturating_add(jiff::Span::new().days(days))
            .at(hour, minute, 0, 0)
    })
}

fn any_options() -> impl Strategy<Value = DueOptions> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(makeup, as_received, same_time)| {
        DueOptions {
            makeup_saturday_counts: makeup,
            after_hours: if as_received {
                AfterHours::AsReceived
            } else {
                AfterHours::NextOpening
            },
            due_time: if same_time {
                DueTime::SameClockTime
            } else {
                DueTime::EndOfWorkingDay
            },
        }
    })
}

fn any_desk() -> impl Strategy<Value = OpeningHours> {
    prop_oneof![Just(OpeningHours::default()), Just(saturday_desk())]
}

fn any_request() -> impl Strategy<Value = DueRequest> {
    (any_moment(), 1u32..60, any_unit(), any_options()).prop_map(
        |(received, amount, unit, options)| {
            let amount = amount.min(unit.max_amount());
            DueRequest {
                received,
                term: limit(amount, unit),
                options,
            }
        },
    )
}

fn ask(request: &DueRequest, desk: &OpeningHours) -> Due {
    due(request, &Calendar::vietnam(), desk).unwrap()
}

fn limit_of(request: &DueRequest) -> TimeLimit {
    match request.term {
        Term::Limit(limit) => limit,
        Term::SameDay { .. } => unreachable!("the strategy makes limits only"),
    }
}

proptest! {
    #[test]
    fn a_due_date_is_never_a_day_on_which_the_desk_is_closed(request in any_request(), desk in any_desk()) {
        let calendar = Calendar::vietnam();
        let due = ask(&request, &desk);
        let works = calendar.is_working(due.on(), request.options.makeup_saturday_counts);
        let open = !desk.on(due.on(), &calendar).is_empty();
        if limit_of(&request).unit() == LimitUnit::Hour {
            prop_assert!(open, "{}", due.at);
        } else {
            prop_assert!(works && open, "{}", due.at);
        }
        let inside = desk.on(due.on(), &calendar).iter().any(|i| (i.opens..=i.closes).contains(&due.at.time()));
        prop_assert!(inside, "{}", due.at);
        prop_assert!(due.at > request.received);
    }

    #[test]
    fn a_longer_limit_is_never_due_earlier(request in any_request(), desk in any_desk(), more in 0u32..5) {
        let short = limit_of(&request);
        let amount = (short.amount() + more).min(short.unit().max_amount());
        let longer = DueRequest { term: limit(amount, short.unit()), ..request };
        prop_assert!(ask(&request, &desk).at <= ask(&longer, &desk).at);
    }

    #[test]
    fn who_comes_later_is_never_due_earlier(request in any_request(), desk in any_desk(), minutes in 0i64..20_000) {
        let received = request.received.saturating_add(jiff::Span::new().minutes(minutes));
        let later = DueRequest { received, ..request };
        let (first, second) = (ask(&request, &desk), ask(&later, &desk));
        prop_assert!(first.on() <= second.on());
        if request.options.due_time == DueTime::EndOfWorkingDay {
            prop_assert!(first.at <= second.at);
        }
    }

    #[test]
    fn the_explanation_runs_from_hand_in_to_due_date_without_a_gap(request in any_request(), desk in any_desk()) {
        let due = ask(&request, &desk);
        let dates: Vec<Date> = due.explanation.iter().map(|note| note.date).collect();
        prop_assert_eq!(dates.first(), Some(&request.received.date()));
        prop_assert_eq!(dates.last(), Some(&due.on()));
        prop_assert!(dates.windows(2).all(|pair| pair[0] < pair[1]));
        let unit = limit_of(&request).unit();
        if !matches!(unit, LimitUnit::Week | LimitUnit::Month) {
            prop_assert!(dates.windows(2).all(|pair| pair[0].tomorrow().unwrap() == pair[1]));
        }
        prop_assert!(due.explanation.iter().all(|note| !note.why.is_empty()));
    }

    #[test]
    fn what_is_counted_adds_up_to_the_limit(request in any_request(), desk in any_desk()) {
        let due = ask(&request, &desk);
        let limit = limit_of(&request);
        if limit.unit() == LimitUnit::Hour {
            let minutes: i64 = due.explanation.iter().filter_map(|note| note.minutes).sum();
            prop_assert_eq!(minutes, i64::from(limit.amount()) * 60);
        } else {
            let counted = due.explanation.iter().filter(|note| note.kind.counts()).count();
            prop_assert_eq!(counted, usize::try_from(limit.amount()).unwrap());
        }
    }

    #[test]
    fn working_days_agree_with_the_count_between(
        received in any_moment(),
        amount in 1u32..60,
        options in any_options(),
    ) {
        let term = limit(amount, LimitUnit::WorkingDay);
        let due = ask(&DueRequest { received, term, options }, &OpeningHours::default());
        let makeup = options.makeup_saturday_counts;
        let between =
            Calendar::vietnam().working_days_between(due.received_as.date(), due.on(), makeup);
        prop_assert_eq!(between, i64::from(amount));
    }

    #[test]
    fn a_result_on_the_day_is_due_on_the_day_or_the_next_working_day(
        received in any_moment(),
        desk in any_desk(),
        options in any_options(),
    ) {
        let term = Term::SameDay { late_cutoff: Some(time(15, 0, 0, 0)) };
        let due = ask(&DueRequest { received, term, options }, &desk);
        let calendar = Calendar::vietnam();
        let makeup = options.makeup_saturday_counts;
        prop_assert!(calendar.working_days_between(due.received_as.date(), due.on(), makeup) <= 1);
        prop_assert!(!desk.on(due.on(), &calendar).is_empty());
    }

    #[test]
    fn beyond_the_calendar_is_said_exactly_when_it_was_needed(request in any_request()) {
        let due = ask(&request, &OpeningHours::default());
        let calendar = Calendar::vietnam();
        let inside = calendar.covers(request.received.date()) && calendar.covers(due.on());
        prop_assert_eq!(due.beyond_calendar().is_none(), inside);
    }

    #[test]
    fn waiting_longer_never_makes_a_due_date_earlier(
        request in any_request(),
        asked in 0i64..10,
        waited in 0i64..40,
        more in 0i64..10,
        policy in prop::sample::select(vec![SupplementPolicy::Restart, SupplementPolicy::Extend]),
    ) {
        let (calendar, hours) = (Calendar::vietnam(), OpeningHours::default());
        let old_due = ask(&request, &hours);
        let after = |wait: i64| {
            let asked = request.received.saturating_add(jiff::Span::new().days(asked));
            let completed = asked.saturating_add(jiff::Span::new().days(wait));
            due_after_supplement(policy, &request, &old_due, Waiting { asked, completed }, &calendar, &hours)
                .unwrap()
        };
        prop_assert!(after(waited).on() <= after(waited + more).on());
        if policy == SupplementPolicy::Extend {
            prop_assert!(after(waited).on() >= old_due.on());
        }
    }
}
