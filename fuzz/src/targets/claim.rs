//! Claims of any wording, read and looked for in files of any content.

use std::collections::BTreeMap;
use std::sync::Arc;

use taskproof::claims::verify::rulings;
use taskproof::claims::{Content, Entry, Sources, Version, parse};
use taskproof::config::MAX_CLAIM_BYTES;
use taskproof::model::{Claim, ClaimOrigin, Listing, Oid};

/// Three texts divided by a byte that no UTF-8 text holds: the claim, a file when it was made, the file now.
pub fn claim(data: &[u8]) {
    let mut parts = data.split(|byte| *byte == 0xff).map(|part| String::from_utf8_lossy(part).into_owned());
    let text = parts.next().unwrap_or_default();
    let (old, new) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let claim = Claim {
        id: "c".into(),
        text,
        origin: ClaimOrigin { artifact: "claims.jsonl".into(), pointer: "/0".into() },
        task_ids: Vec::new(),
        evidence_file: Some("src/a.ts".into()),
        made_at: Some(id(0)),
        stance: None,
        is_blocker: false,
    };
    let reading = parse::read(&claim, MAX_CLAIM_BYTES);
    for span in reading.atoms.iter().map(|atom| &atom.span).chain(reading.paths.iter().map(|path| &path.span))
    {
        assert!(claim.text.get(span.clone()).is_some(), "a span within the text");
    }
    let files = Files { commits: [old, new].map(|text| BTreeMap::from([("src/a.ts".to_owned(), text)])) };
    let without = Claim { evidence_file: None, ..claim.clone() };
    let both = rulings(&[claim.clone(), without.clone()], &files, MAX_CLAIM_BYTES);
    for ruling in &both {
        assert!((0.0..=1.0).contains(&ruling.confidence), "{ruling:?}");
        let lines = ruling.witness.as_ref().and_then(|witness| witness.lines);
        assert!(lines.is_none_or(|(first, last)| 1 <= first && first <= last), "{ruling:?}");
    }
    // The answer does not depend on the other claims, nor on their order.
    let turned = rulings(&[without, claim], &files, MAX_CLAIM_BYTES);
    assert_eq!(both[0], turned[1]);
    assert_eq!(both[1], turned[0]);
}

fn id(commit: usize) -> Oid {
    Oid::from_hex(format!("{:040x}", commit + 1)).expect("an id")
}

struct Files {
    commits: [BTreeMap<String, String>; 2],
}

impl Files {
    fn at(&self, version: Version<'_>) -> Option<&BTreeMap<String, String>> {
        match version {
            Version::Now => self.commits.last(),
            Version::At(wanted) => (0..2).find(|at| id(*at) == *wanted).map(|at| &self.commits[at]),
        }
    }

    fn blob(text: &str) -> Oid {
        let hash = text.bytes().fold(5381_u64, |hash, byte| hash.wrapping_mul(33) ^ u64::from(byte));
        Oid::from_hex(format!("{hash:040x}")).expect("an id")
    }
}

impl Sources for Files {
    fn head(&self) -> Option<Oid> {
        Some(id(1))
    }

    fn is_work_tree(&self) -> bool {
        false
    }

    fn has(&self, commit: &Oid) -> bool {
        self.at(Version::At(commit)).is_some()
    }

    fn entry(&self, version: Version<'_>, path: &str) -> Entry {
        let Some(files) = self.at(version) else { return Entry::Unknown };
        files.get(path).map_or(Entry::Absent, |text| Entry::File(Some(Self::blob(text))))
    }

    fn text(&self, version: Version<'_>, path: &str) -> Content {
        let Some(files) = self.at(version) else { return Content::Unknown };
        files.get(path).map_or(Content::Absent, |text| Content::Text(text.as_str().into()))
    }

    fn files(&self, version: Version<'_>) -> Option<Arc<Listing>> {
        let files = self.at(version)?;
        Some(Arc::new(Listing::new(files.iter().map(|(path, text)| (path, Self::blob(text))))))
    }

    fn line(&self, since: Option<&Oid>) -> Arc<[Oid]> {
        let first = usize::from(since == Some(&id(1)));
        (first..2).rev().map(id).collect()
    }
}
