//! The targets, without jitter: the simulation is exact then.

use super::*;

/// What was missed of these rows.
fn missed(rows: &[Row], slack: f64) -> Vec<String> {
    let mut missed = Vec::new();
    for advice in ADVICE {
        let is_told = advice.is_some();
        let mut walls = Vec::new();
        for row in rows {
            let courses = courses(row, 0.0, advice, learned);
            let worst = Worst::of(&courses);
            let is_reached = worst.left == 0
                && worst.wall <= row.most_wall(is_told) + slack
                && worst.refused_later <= row.most_refused();
            if !is_reached {
                missed.push(format!(
                    "{}, Retry-After {}: {}",
                    row.name,
                    said(advice),
                    cell(&courses)
                ));
            }
            walls.extend(
                courses
                    .iter()
                    .filter(|_| row.is_in_mean())
                    .map(|course| course.wall),
            );
        }
        let mean = walls.iter().sum::<f64>() / walls.len() as f64;
        if mean > targets::most_mean(is_told) + slack {
            missed.push(format!("mean, Retry-After {}: {mean:.3}", said(advice)));
        }
    }
    missed
}

#[test]
fn every_limiter_is_kept_as_closely_as_stated() {
    assert_eq!(missed(&ROWS, 0.0), [""; 0]);
}

#[test]
fn so_are_limiters_for_which_no_parameter_was_chosen() {
    assert_eq!(missed(&HOLD_OUTS, 0.1), [""; 0]);
}

#[test]
fn no_call_waits_much_longer_than_its_fair_share() {
    for burst in [1, 5] {
        for advice in ADVICE {
            let longest = targets::longest(burst, advice, learned);
            let most = targets::most_longest(advice.is_some());
            assert!(longest <= most, "burst {burst}, {advice:?}: {longest}");
        }
    }
}

#[test]
fn a_limit_that_is_set_below_the_real_one_provokes_no_429() {
    for row in ROWS.iter().filter(|row| targets::is_steady(row)) {
        for course in targets::with_a_set_limit(row) {
            assert_eq!(course.refused, 0, "{}", row.name);
            assert!(course.wall <= 1.15, "{}: {}", row.name, course.wall);
        }
    }
}
