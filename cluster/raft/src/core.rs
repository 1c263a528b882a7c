//! One group's core with its known traps closed. Everything outside sees `Core` through lib.rs only.

use std::collections::VecDeque;

use protobuf::Message as _;
use raft::prelude::{ConfChangeSingle, ConfChangeType, ConfChangeV2, ConfState, Entry, EntryType, HardState};
use raft::prelude::{Message, MessageType, Snapshot, SnapshotMetadata};
use raft::{Config, ProgressState, RawNode, SnapshotStatus, StateRole};

use crate::held::{read_context, Held};
use crate::inbound;
use crate::log::Log;
use crate::view::{Boot, Change, MembersView, Progress, ReadyView, SnapshotView, Status};

const ELECTION_TICKS: usize = 10;
const TICKS_BETWEEN_VOTERS: usize = 2; // by which the next one is late: enough for an election
const MAX_MESSAGE_BYTES: u64 = 1 << 20;
const MAX_COMMITTED_BYTES: u64 = 16 << 20;

pub struct Core {
    node: RawNode<Log>,
    seed: u64,
    pub status: Box<Status>,
    held: VecDeque<Box<Held>>, // handed out and not persisted, oldest first; their addresses do not change
    spare: Vec<Box<Held>>,
    installing: u64, // the index of the snapshot that is being installed, 0 = none
    members: ConfState,
}

impl Core {
    /// # Safety
    /// The slices of `boot` must be valid.
    pub unsafe fn new(boot: &Boot) -> Core {
        let mut hard = HardState::default();
        hard.set_term(boot.term);
        hard.set_vote(boot.vote);
        hard.set_commit(boot.commit);
        let entries = boot.log.get().iter().map(|view| {
            let mut entry = Entry::default();
            entry.set_index(view.index);
            entry.set_term(view.term);
            entry.set_entry_type(entry_type(view.kind));
            entry.set_data(view.data.get().to_vec().into());
            entry
        });
        let log = Log::new(hard, boot.members.to_members(), (boot.base_index, boot.base_term), entries.collect());
        let config = Config {
            id: boot.id,
            election_tick: ELECTION_TICKS,
            heartbeat_tick: 1,
            applied: boot.applied,
            max_size_per_msg: MAX_MESSAGE_BYTES,
            check_quorum: true,
            pre_vote: true,
            // It glues entries to a waiting empty append of another index when a rejection comes in between.
            batch_append: false,
            max_committed_size_per_ready: MAX_COMMITTED_BYTES,
            // Followers hear of a commit with the next append or heartbeat: a third of all messages less.
            skip_bcast_commit: true,
            ..Config::default()
        };
        let logger = slog::Logger::root(slog::Discard, slog::o!());
        let node = RawNode::new(&config, log, &logger).expect("a boot image that fits together");
        let mut core = Core {
            node,
            seed: boot.seed,
            status: Box::default(),
            held: VecDeque::new(),
            spare: Vec::new(),
            installing: 0,
            members: ConfState::default(),
        };
        core.settle();
        core
    }

    /// After every call: the election timeout, which the core draws from the thread's generator, is set again from the
    /// seed, and the status shows what is true now.
    pub fn settle(&mut self) {
        let raft = &mut self.node.raft;
        let mut draw = self.seed;
        for part in [raft.id, raft.term, raft.state as u64] {
            draw = mix(draw ^ part);
        }
        raft.set_randomized_election_timeout(ELECTION_TICKS + (draw % ELECTION_TICKS as u64) as usize);

        let blocked = self.blocked();
        let raft = &self.node.raft;
        let s = &mut *self.status;
        s.role = match raft.state {
            StateRole::Follower => 0,
            StateRole::PreCandidate | StateRole::Candidate => 1,
            StateRole::Leader => 2,
        };
        s.term = raft.term;
        s.vote = raft.vote;
        s.leader = raft.leader_id;
        s.commit = raft.raft_log.committed;
        s.first = raft.raft_log.first_index();
        s.last = raft.raft_log.last_index();
        s.blocked = blocked as u64;
        s.commit_in_term = (s.role == 2 && raft.commit_to_current_term()) as u64;
        (s.wanted_by, s.wanted_from) = raft.store().wanted();
        s.has_ready = self.node.has_ready() as u64;
    }

    /// From the arrival of a snapshot until it is durable and applied the core must not see an election: it would look
    /// for entries that the snapshot has replaced.
    fn blocked(&self) -> bool {
        self.installing != 0 || self.node.snap().is_some()
    }

    /// A sole voter wins at once, and the core takes for granted that its whole log is durable then.
    fn may_campaign(&self) -> bool {
        let alone = self.node.raft.prs().is_singleton();
        let log = &self.node.raft.raft_log;
        !alone || (log.persisted == log.last_index() && !self.held.iter().any(|h| h.stands_on_log()))
    }

    fn leads(&self) -> bool {
        self.node.raft.state == StateRole::Leader
    }

    pub fn tick(&mut self) {
        if !self.blocked() && (self.leads() || self.may_campaign()) {
            self.node.tick();
        }
    }

    pub fn campaign(&mut self) {
        if !self.blocked() && self.node.raft.promotable() && self.may_campaign() {
            let _ = self.node.campaign(); // the status tells the outcome
        }
    }

    pub fn step(&mut self, from: u64, bytes: &[u8]) -> bool {
        if self.blocked() {
            return false;
        }
        match inbound::accept(bytes, from, self.node.raft.id) {
            Some(m) if !self.stale_rejection(&m) => self.node.step(m).is_ok(),
            _ => false,
        }
    }

    /// A rejection that was overtaken by an acknowledgement would set the next index to send below what is known to
    /// match.
    fn stale_rejection(&self, m: &Message) -> bool {
        if m.get_msg_type() != MessageType::MsgAppendResponse || !m.reject || m.request_snapshot != 0 {
            return false;
        }
        let known = self.node.raft.prs().get(m.from).map_or(0, |p| p.matched);
        m.term == self.node.raft.term && (m.index <= known || m.reject_hint < known)
    }

    /// Only on a leader: the core would forward it otherwise.
    pub fn propose(&mut self, data: &[u8]) -> bool {
        self.leads() && !self.blocked() && self.node.propose(Vec::new(), data.to_vec()).is_ok()
    }

    /// False where the core would silently put an empty entry in the change's place.
    pub fn propose_changes(&mut self, changes: &[Change]) -> bool {
        let raft = &self.node.raft;
        let joint = !raft.prs().conf().to_conf_state().voters_outgoing.is_empty();
        if !self.leads() || self.blocked() || raft.has_pending_conf() || joint != changes.is_empty() {
            return false;
        }
        let mut all = ConfChangeV2::default();
        for change in changes {
            let mut one = ConfChangeSingle::default();
            one.set_change_type(match change.kind {
                0 => ConfChangeType::AddNode,
                1 => ConfChangeType::RemoveNode,
                _ => ConfChangeType::AddLearnerNode,
            });
            one.set_node_id(change.id);
            all.mut_changes().push(one);
        }
        self.node.propose_conf_change(Vec::new(), all).is_ok()
    }

    /// The members afterwards, or None = the change is refused and the members are what they were.
    pub fn apply_change(&mut self, kind: u64, data: &[u8]) -> Option<MembersView> {
        if entry_type(kind) != EntryType::EntryConfChangeV2 {
            return None;
        }
        let change = ConfChangeV2::parse_from_bytes(data).ok()?;
        self.members = self.node.apply_conf_change(&change).ok()?;
        let raft = &mut self.node.raft;
        if raft.state == StateRole::Leader && !raft.promotable() {
            // The core would go on leading and miss its own progress.
            let term = raft.term;
            raft.become_follower(term, raft::INVALID_ID);
        }
        Some(MembersView::of(&self.members))
    }

    pub fn applied(&mut self, index: u64) {
        self.node.advance_apply_to(index);
        if self.installing != 0 && self.installing <= index {
            self.installing = 0;
        }
    }

    pub fn transfer(&mut self, to: u64) {
        if self.leads() && !self.blocked() {
            self.node.transfer_leader(to);
        }
    }

    pub fn read(&mut self, term: u64, sequence: u64) -> bool {
        let able = self.leads() && !self.blocked() && self.node.raft.commit_to_current_term();
        if able {
            self.node.read_index(read_context(term, sequence));
        }
        able
    }

    pub fn unreachable(&mut self, id: u64) {
        if self.leads() {
            self.node.report_unreachable(id);
        } else if id != 0 && id == self.node.raft.leader_id {
            self.lose_leader();
        }
    }

    /// Its lease holds no vote back any more, and the voters ask one after the other, soon: two at once would split the
    /// votes and wait for a whole timeout. Where it is alive for the others they do not vote before their own lease is
    /// over, and pre-votes change no term.
    fn lose_leader(&mut self) {
        let raft = &mut self.node.raft;
        if self.installing != 0 || raft.state != StateRole::Follower || !raft.promotable() {
            return;
        }
        let (term, leader, own) = (raft.term, raft.leader_id, raft.id);
        raft.become_follower(term, 0);
        let voters = raft.prs().conf().voters().ids();
        let before = voters.iter().filter(|&id| id != leader && id < own).count();
        self.settle();
        let raft = &mut self.node.raft;
        let soon = 1 + before * TICKS_BETWEEN_VOTERS;
        raft.election_elapsed = raft.randomized_election_timeout().saturating_sub(soon);
    }

    pub fn report_snapshot(&mut self, id: u64, ok: bool) {
        if self.leads() {
            self.node.report_snapshot(id, if ok { SnapshotStatus::Finish } else { SnapshotStatus::Failure });
        }
    }

    /// # Safety
    /// The slices of `view` must be valid.
    pub unsafe fn offer(&mut self, view: &SnapshotView) {
        let mut meta = SnapshotMetadata::default();
        meta.set_index(view.index);
        meta.set_term(view.term);
        meta.set_conf_state(view.members.to_members());
        let mut snapshot = Snapshot::default();
        snapshot.set_metadata(meta);
        snapshot.set_data(view.manifest.get().to_vec().into());
        self.node.mut_store().offer(snapshot);
    }

    pub fn want_noted(&mut self) {
        self.node.store().want_noted();
    }

    pub fn compact(&mut self, upto: u64) {
        assert!(upto <= self.node.raft.raft_log.applied, "compacted past what is applied");
        self.node.mut_store().compact(upto);
    }

    /// Takes what is to be done and tells the core at once that it stands in the log, so that nothing can come between.
    pub fn ready(&mut self, out: &mut ReadyView) {
        let mut ready = self.node.ready();
        let mut held = self.spare.pop().unwrap_or_default();
        held.number = ready.number();
        held.entries = ready.take_entries();
        held.committed = ready.take_committed_entries();
        held.messages = if self.leads() { ready.take_messages() } else { ready.take_persisted_messages() };
        held.snapshot = ready.snapshot().clone();
        held.show(ready.read_states(), out);

        out.number = ready.number();
        out.must_sync = ready.must_sync() as u64;
        out.has_hard_state = ready.hs().is_some() as u64;
        if let Some(hard) = ready.hs() {
            (out.term, out.vote, out.commit) = (hard.term, hard.vote, hard.commit);
        }
        if !held.snapshot.is_empty() {
            let meta = held.snapshot.get_metadata();
            self.installing = meta.index;
            self.node.mut_store().restart(meta.index, meta.term);
        }
        self.node.mut_store().append(&held.entries);
        self.held.push_back(held);
        self.node.advance_append_async(ready);
    }

    /// All Readys up to `number` are durable. Their slices are gone.
    pub fn persisted(&mut self, number: u64) {
        while self.held.front().is_some_and(|h| h.number <= number) {
            let mut held = self.held.pop_front().expect("just seen");
            held.clear();
            self.spare.push(held);
        }
        self.node.on_persist_ready(number);
    }

    pub fn progress(&self, id: u64) -> Option<Progress> {
        let of = self.node.raft.prs().get(id)?;
        let state = match of.state {
            ProgressState::Probe => 0,
            ProgressState::Replicate => 1,
            ProgressState::Snapshot => 2,
        };
        Some(Progress { matched: of.matched, next: of.next_idx, state, active: of.recent_active as u64 })
    }

    pub fn slowest_match(&self) -> u64 {
        let raft = &self.node.raft;
        let others = raft.prs().iter().filter(|(id, _)| **id != raft.id).map(|(_, p)| p.matched);
        others.min().unwrap_or_else(|| raft.raft_log.last_index())
    }
}

fn entry_type(kind: u64) -> EntryType {
    match kind {
        0 => EntryType::EntryNormal,
        1 => EntryType::EntryConfChangeV2, // the other kind of change is never proposed
        _ => panic!("an entry of unknown kind {kind}"),
    }
}

/// The finaliser of SplitMix64.
fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
