//! Somebody else who works on the plan, as the harness does it: without a lock, and by replacing whole files.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

/// What the harness keeps in memory between reading the state and saving it.
pub(super) struct Memory(Value);

impl Memory {
    pub(super) fn load(plan: &Path) -> Self {
        Self(serde_json::from_slice(&fs::read(plan.join("state.json")).unwrap()).unwrap())
    }

    pub(super) fn add_note(&mut self, note: &str) {
        let record = json!({"action": "add-note", "note": note, "timestamp": "2026-05-22T10:15:00Z"});
        self.0["meta"]["overrides"].as_array_mut().unwrap().push(record);
    }

    pub(super) fn beat(&mut self, beat: usize) {
        self.0["active_step"] = json!({"phase": "execute", "beat": beat});
    }

    /// Replaces the file by what is in memory.
    pub(super) fn save(&self, plan: &Path) {
        let text = serde_json::to_string_pretty(&self.0).unwrap() + "\n";
        // The harness's own temporary file, under a name that it ignores.
        let temporary = plan.join("tmpq8x1k2z9");
        fs::write(&temporary, text).unwrap();
        fs::rename(temporary, plan.join("state.json")).unwrap();
    }

    /// The same, but what the lists of `meta` hold on the disk by now comes first (spec section 2).
    pub(super) fn save_merging(mut self, plan: &Path) {
        let disk = Self::load(plan).0;
        for list in ["notes", "overrides", "user_action_resolutions", "quality_gate_resolutions"] {
            let items = |state: &Value| state["meta"][list].as_array().cloned().unwrap_or_default();
            let mut merged = items(&disk);
            for item in items(&self.0) {
                if !merged.contains(&item) {
                    merged.push(item);
                }
            }
            self.0["meta"][list] = merged.into();
        }
        self.save(plan);
    }
}

/// A command that adds a note, from beginning to end.
pub(super) fn add_note(plan: &Path, note: &str) {
    let mut memory = Memory::load(plan);
    memory.add_note(note);
    memory.save_merging(plan);
}

/// A sign of life of the worker.
pub(super) fn beat(plan: &Path, beat: usize) {
    let mut memory = Memory::load(plan);
    memory.beat(beat);
    memory.save(plan);
}

/// The last sign of life that the state knows.
pub(super) fn last_beat(plan: &Path) -> Option<u64> {
    Memory::load(plan).0["active_step"]["beat"].as_u64()
}

/// How often the state holds a note.
pub(super) fn notes(plan: &Path, note: &str) -> usize {
    fs::read_to_string(plan.join("state.json")).unwrap().matches(note).count()
}
