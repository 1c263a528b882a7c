//! The memory that a Ready's slices point into, kept until the Ready is persisted, then used again.

use protobuf::Message as _;
use raft::prelude::{Entry, Message, Snapshot};
use raft::ReadState;

use crate::view::{EntryView, MembersView, MessageView, ReadView, ReadyView, Slice, SnapshotView};

#[derive(Default)]
pub struct Held {
    pub number: u64,
    pub entries: Vec<Entry>,
    pub committed: Vec<Entry>,
    pub messages: Vec<Message>,
    pub snapshot: Snapshot,
    entry_views: Vec<EntryView>,
    committed_views: Vec<EntryView>,
    message_views: Vec<MessageView>,
    snapshot_views: Vec<SnapshotView>,
    read_views: Vec<ReadView>,
    encoded: Vec<u8>,
}

impl Held {
    pub fn clear(&mut self) {
        self.entries = Vec::new();
        self.committed = Vec::new();
        self.messages = Vec::new();
        self.snapshot = Snapshot::default();
        self.entry_views.clear();
        self.committed_views.clear();
        self.message_views.clear();
        self.snapshot_views.clear();
        self.read_views.clear();
        self.encoded.clear();
    }

    pub fn stands_on_log(&self) -> bool {
        !self.entries.is_empty() || !self.snapshot.is_empty()
    }

    /// Points `out` at what is held. Nothing held may change afterwards.
    pub fn show(&mut self, reads: &[ReadState], out: &mut ReadyView) {
        self.entry_views.extend(self.entries.iter().map(EntryView::of));
        self.committed_views.extend(self.committed.iter().map(EntryView::of));
        self.read_views.extend(reads.iter().map(read_view));
        self.show_messages();
        out.entries = Slice::of(&self.entry_views);
        out.committed = Slice::of(&self.committed_views);
        out.messages = Slice::of(&self.message_views);
        out.reads = Slice::of(&self.read_views);
        out.snapshot = snapshot_view(&self.snapshot);
    }

    fn show_messages(&mut self) {
        let mut ends = Vec::with_capacity(self.messages.len());
        for m in &self.messages {
            m.write_to_vec(&mut self.encoded).expect("a message encodes");
            ends.push(self.encoded.len());
        }
        self.snapshot_views.reserve(self.messages.len()); // its items must not move any more
        let mut begin = 0;
        for (m, end) in self.messages.iter().zip(ends) {
            let mut snapshot = std::ptr::null();
            if !m.get_snapshot().is_empty() {
                self.snapshot_views.push(snapshot_view(m.get_snapshot()));
                snapshot = self.snapshot_views.last().expect("just pushed");
            }
            self.message_views.push(MessageView { to: m.to, bytes: Slice::of(&self.encoded[begin..end]), snapshot });
            begin = end;
        }
    }
}

fn snapshot_view(snapshot: &Snapshot) -> SnapshotView {
    if snapshot.is_empty() {
        return SnapshotView::default();
    }
    let meta = snapshot.get_metadata();
    SnapshotView {
        index: meta.index,
        term: meta.term,
        members: MembersView::of(meta.get_conf_state()),
        manifest: Slice::of(snapshot.get_data()),
    }
}

/// The context of a read: the term it was asked in and a number that is never used twice in that term.
pub fn read_context(term: u64, sequence: u64) -> Vec<u8> {
    [term.to_be_bytes(), sequence.to_be_bytes()].concat()
}

fn read_view(state: &ReadState) -> ReadView {
    let part = |from: usize| {
        let bytes = state.request_ctx.get(from..from + 8).and_then(|b| b.try_into().ok());
        u64::from_be_bytes(bytes.expect("a context of our own"))
    };
    ReadView { term: part(0), sequence: part(8), index: state.index }
}
