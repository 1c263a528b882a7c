//! The plain structs that cross the border; cluster/consensus.hpp declares the same ones. All numbers are 64 bits wide,
//! so that no padding can differ.

use raft::prelude::{ConfState, Entry, EntryType};

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Slice<T> {
    pub data: *const T,
    pub size: usize,
}

impl<T> Slice<T> {
    pub fn of(items: &[T]) -> Slice<T> {
        Slice { data: items.as_ptr(), size: items.len() }
    }

    /// # Safety
    /// The slice must be empty or point to `size` living items.
    pub unsafe fn get<'a>(&self) -> &'a [T] {
        if self.size == 0 {
            return &[];
        }
        std::slice::from_raw_parts(self.data, self.size)
    }
}

impl<T> Default for Slice<T> {
    fn default() -> Self {
        Slice { data: std::ptr::null(), size: 0 }
    }
}

#[repr(C)]
pub struct EntryView {
    pub index: u64,
    pub term: u64,
    pub kind: u64, // 0 a command, 1 a change of members
    pub data: Slice<u8>,
}

impl EntryView {
    pub fn of(entry: &Entry) -> EntryView {
        EntryView {
            index: entry.index,
            term: entry.term,
            kind: (entry.get_entry_type() != EntryType::EntryNormal) as u64,
            data: Slice::of(entry.get_data()),
        }
    }
}

#[repr(C)]
#[derive(Default)]
pub struct MembersView {
    pub voters: Slice<u64>,
    pub learners: Slice<u64>,
    pub voters_outgoing: Slice<u64>,
    pub learners_next: Slice<u64>,
    pub auto_leave: u64,
}

impl MembersView {
    pub fn of(members: &ConfState) -> MembersView {
        MembersView {
            voters: Slice::of(&members.voters),
            learners: Slice::of(&members.learners),
            voters_outgoing: Slice::of(&members.voters_outgoing),
            learners_next: Slice::of(&members.learners_next),
            auto_leave: members.auto_leave as u64,
        }
    }

    /// # Safety
    /// As for `Slice::get`.
    pub unsafe fn to_members(&self) -> ConfState {
        let mut members = ConfState::default();
        members.set_voters(self.voters.get().to_vec());
        members.set_learners(self.learners.get().to_vec());
        members.set_voters_outgoing(self.voters_outgoing.get().to_vec());
        members.set_learners_next(self.learners_next.get().to_vec());
        members.set_auto_leave(self.auto_leave != 0);
        members
    }
}

#[repr(C)]
#[derive(Default)]
pub struct SnapshotView {
    pub index: u64,
    pub term: u64,
    pub members: MembersView,
    pub manifest: Slice<u8>,
}

#[repr(C)]
pub struct MessageView {
    pub to: u64,
    pub bytes: Slice<u8>,
    pub snapshot: *const SnapshotView, // of a message that carries one
}

#[repr(C)]
pub struct ReadView {
    pub term: u64,
    pub sequence: u64,
    pub index: u64,
}

#[repr(C)]
#[derive(Default)]
pub struct ReadyView {
    pub number: u64,
    pub must_sync: u64,
    pub has_hard_state: u64,
    pub term: u64,
    pub vote: u64,
    pub commit: u64,
    pub entries: Slice<EntryView>,
    pub committed: Slice<EntryView>,
    pub messages: Slice<MessageView>,
    pub reads: Slice<ReadView>,
    pub snapshot: SnapshotView, // index 0 = none
}

#[repr(C)]
#[derive(Default)]
pub struct Status {
    pub role: u64, // 0 follower, 1 candidate of either kind, 2 leader
    pub term: u64,
    pub vote: u64,
    pub leader: u64,
    pub commit: u64,
    pub first: u64,
    pub last: u64,
    pub has_ready: u64,
    pub blocked: u64,        // a snapshot is being installed
    pub commit_in_term: u64, // an entry of the current term is committed
    pub wanted_by: u64,      // a follower that needs a snapshot, 0 = none
    pub wanted_from: u64,    // its lowest useful index
}

#[repr(C)]
pub struct Boot {
    pub id: u64,
    pub seed: u64,
    pub term: u64,
    pub vote: u64,
    pub commit: u64,
    pub base_index: u64,
    pub base_term: u64,
    pub applied: u64,
    pub members: MembersView,
    pub log: Slice<EntryView>,
}

#[repr(C)]
#[derive(Default)]
pub struct Progress {
    pub matched: u64,
    pub next: u64,
    pub state: u64, // 0 probe, 1 replicate, 2 snapshot
    pub active: u64,
}

#[repr(C)]
pub struct Change {
    pub kind: u64, // as ConfChangeType
    pub id: u64,
}
