//! What every hub's store must do, whatever stands behind it. One story a function, one list of stories; a
//! back end takes the list with [`hub_store_contract!`].

mod log;
mod numbers;
mod province;

pub(crate) use log::*;
pub(crate) use numbers::*;
pub(crate) use province::*;

macro_rules! stories {
    ($($story:ident),* $(,)?) => {
        /// Makes one test of each story for a back end; the argument makes a fresh store and what keeps it alive.
        macro_rules! hub_store_contract {
            ($make:expr) => { $(
                #[test]
                fn $story() {
                    let (_keep, hub) = $make();
                    crate::contract::$story(&hub);
                }
            )* };
        }
        pub(crate) use hub_store_contract;
    };
}

stories!(
    a_batch_gets_places_without_gaps_and_comes_back_as_a_page,
    the_same_batch_twice_is_taken_once,
    a_hole_before_a_batch_takes_nothing,
    other_content_under_a_known_number_is_kept_aside,
    strangers_the_revoked_and_the_badly_signed_are_kept_aside,
    an_older_epoch_is_closed_and_a_newer_one_opens_by_itself,
    eight_counters_at_once_leave_no_gap,
    the_first_call_in_the_logs_order_wins,
    one_number_has_one_dossier,
    an_unknown_kind_passes_through,
    pages_are_bounded_and_chained,
    a_number_is_given_once_for_each_key,
    numbers_in_the_log_are_never_given_again,
    slots_are_the_lowest_free_ones_and_end,
    a_restored_device_gets_a_new_slice,
    the_province_is_told_once_in_order,
    an_answer_of_the_province_is_a_line_of_the_log,
    a_message_that_was_lost_is_looked_up_and_not_sent_again,
    practice_never_reaches_the_province,
    a_blob_grows_piece_by_piece,
);
