//! Finds the known word that is closest to an unknown one, for "did you mean".

use strsim::osa_distance;

/// The candidate with the smallest edit distance to `word`, where it is small enough to be a
/// slip of the hand: at most a third of the word's length.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let limit = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (osa_distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn only_near_words_are_offered() {
        let words = ["entry", "include", "exclude", "data"];
        assert_eq!(closest("entri", words), Some("entry"));
        assert_eq!(closest("inculde", words), Some("include"));
        assert_eq!(closest("budget", words), None);
        assert_eq!(closest("", words), None);
    }
}
