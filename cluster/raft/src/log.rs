//! The part of the log that the core may still read, kept in memory. What is durable is the journal's business:
//! entries stand here from the moment a Ready hands them out.

use std::cell::Cell;
use std::collections::VecDeque;

use protobuf::Message as _;
use raft::prelude::{ConfState, Entry, HardState, Snapshot};
use raft::{Error, GetEntriesContext, RaftState, Result, Storage, StorageError};

pub struct Log {
    boot: RaftState,
    base_index: u64, // the position right before the first entry
    base_term: u64,
    entries: VecDeque<Entry>,
    offer: Option<Snapshot>,
    wanted: Cell<(u64, u64)>, // (follower, lowest index that would do); (0, _) = nobody
}

impl Log {
    pub fn new(hard: HardState, members: ConfState, base: (u64, u64), entries: VecDeque<Entry>) -> Log {
        for (next, entry) in (base.0 + 1..).zip(entries.iter()) {
            assert_eq!(entry.index, next, "a hole in the log");
        }
        Log {
            boot: RaftState::new(hard, members),
            base_index: base.0,
            base_term: base.1,
            entries,
            offer: None,
            wanted: Cell::new((0, 0)),
        }
    }

    pub fn first(&self) -> u64 {
        self.base_index + 1
    }

    pub fn last(&self) -> u64 {
        self.base_index + self.entries.len() as u64
    }

    /// Replaces the tail from the first index of `tail` on.
    pub fn append(&mut self, tail: &[Entry]) {
        let Some(head) = tail.first() else { return };
        assert!(head.index > self.base_index && head.index <= self.last() + 1, "a hole in the log");
        self.entries.truncate((head.index - self.first()) as usize);
        self.entries.extend(tail.iter().cloned());
    }

    /// Empties the log: it continues behind a snapshot.
    pub fn restart(&mut self, index: u64, term: u64) {
        self.entries.clear();
        self.base_index = index;
        self.base_term = term;
        self.offer = None;
    }

    pub fn compact(&mut self, upto: u64) {
        if upto <= self.base_index {
            return;
        }
        self.base_term = self.term(upto).expect("compacted past the end of the log");
        self.entries.drain(..(upto - self.base_index) as usize);
        self.base_index = upto;
        if self.offer.as_ref().is_some_and(|s| s.get_metadata().index < upto) {
            self.offer = None;
        }
    }

    pub fn offer(&mut self, snapshot: Snapshot) {
        self.offer = Some(snapshot);
        self.wanted.set((0, 0));
    }

    pub fn wanted(&self) -> (u64, u64) {
        self.wanted.get()
    }

    /// The request was passed on; the core asks again as long as it needs one.
    pub fn want_noted(&self) {
        self.wanted.set((0, 0));
    }
}

fn names(members: &ConfState, id: u64) -> bool {
    members.voters.contains(&id) || members.learners.contains(&id) || members.voters_outgoing.contains(&id)
}

impl Storage for Log {
    fn initial_state(&self) -> Result<RaftState> {
        Ok(self.boot.clone())
    }

    fn entries(
        &self,
        low: u64,
        high: u64,
        max_size: impl Into<Option<u64>>,
        _: GetEntriesContext,
    ) -> Result<Vec<Entry>> {
        if low <= self.base_index {
            return Err(Error::Store(StorageError::Compacted));
        }
        assert!(high <= self.last() + 1, "entries past the end of the log");
        let limit = max_size.into().unwrap_or(u64::MAX);
        let range = (low - self.first()) as usize..(high - self.first()) as usize;
        let mut out = Vec::with_capacity(range.len().min(256));
        let mut size = 0;
        for entry in self.entries.range(range) {
            size += u64::from(entry.compute_size());
            if size > limit && !out.is_empty() {
                break;
            }
            out.push(entry.clone()); // shares the data
        }
        Ok(out)
    }

    fn term(&self, index: u64) -> Result<u64> {
        if index == self.base_index {
            return Ok(self.base_term);
        }
        if index < self.base_index {
            return Err(Error::Store(StorageError::Compacted));
        }
        match self.entries.get((index - self.first()) as usize) {
            Some(entry) => Ok(entry.term),
            None => Err(Error::Store(StorageError::Unavailable)),
        }
    }

    fn first_index(&self) -> Result<u64> {
        Ok(self.first())
    }

    fn last_index(&self) -> Result<u64> {
        Ok(self.last())
    }

    /// Only a snapshot whose members name the follower, and that the log continues, will do.
    fn snapshot(&self, request_index: u64, to: u64) -> Result<Snapshot> {
        let least = request_index.max(self.base_index);
        match &self.offer {
            Some(s) if s.get_metadata().index >= least && names(s.get_metadata().get_conf_state(), to) => Ok(s.clone()),
            _ => {
                self.wanted.set((to, least));
                Err(Error::Store(StorageError::SnapshotTemporarilyUnavailable))
            }
        }
    }
}
