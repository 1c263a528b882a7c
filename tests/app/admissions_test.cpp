#include "app/admissions.hpp"

#include <deque>
#include <gtest/gtest.h>

#include "tests/actors/runtime/cluster_of_nodes.hpp"

namespace stoa {
namespace {

Directory of_two() {
  Directory d;
  d.formation = "f";
  d.version = 7;
  d.cluster = "demo";
  for (const std::string name : {"n1", "n2"}) {
    d.nodes.emplace_back();
    d.nodes.back().name = name;
    d.nodes.back().data_id = "disk of " + name;
  }
  return d;
}

class Member {
 public:
  Member(const std::string& name, Links& links, const Clock& clock)
      : mesh_(loop_, clock, name),
        end_(links, name),
        admissions_({mesh_, clock, directory, [this](const std::string& node) { told_there.push_back(node); }}) {
    mesh_.attach(&end_);
    links.up(name, mesh_);
    admissions_.ask_by([this](AdmitNode command, Admissions::OnAnswer on_answer) {
      asked.push_back({std::move(command), std::move(on_answer)});
    });
  }
  void run() {
    while (loop_.poll()) continue;
  }
  Admissions& admissions() { return admissions_; }
  Mesh& mesh() { return mesh_; }

  Directory directory;
  std::vector<std::string> told_there;
  std::deque<std::pair<AdmitNode, Admissions::OnAnswer>> asked;

 private:
  Loop loop_;
  Mesh mesh_;
  Links::End end_;
  Admissions admissions_;
};

class AdmissionsOfTwo : public testing::Test {
 protected:
  AdmissionsOfTwo() {
    n1_.directory = of_two();
    n2_.admissions().met("n1", {"f", "disk of n1", "", 7});
  }
  void run() {
    do {
      n1_.run();
      n2_.run();
    } while (links_.step());
  }

  ManualClock clock_;
  Links links_;
  Member n1_{"n1", links_, clock_}, n2_{"n2", links_, clock_};
};

TEST_F(AdmissionsOfTwo, AMemberTakesPartAndNothingIsAsked) {
  n1_.admissions().met("n2", {"f", "disk of n2", "", 7});
  n1_.admissions().tick();
  run();
  EXPECT_TRUE(n1_.mesh().up("n2"));
  EXPECT_TRUE(n1_.asked.empty());
  EXPECT_TRUE(n1_.told_there.empty());
  EXPECT_EQ(n2_.admissions().fault(), "");
}

TEST_F(AdmissionsOfTwo, ANewDataDirectoryIsMadeKnownToTheCatalogUntilItIsAdmitted) {
  n1_.admissions().met("n2", {"", "a new disk", "", 0});
  n1_.admissions().tick();
  n1_.admissions().tick();
  ASSERT_EQ(n1_.asked.size(), 1u);
  EXPECT_EQ(n1_.asked[0].first.data_id, "a new disk");
  EXPECT_EQ(n1_.asked[0].first.instead_of, "disk of n2");
  n1_.asked[0].second(refuse(kNoOtherNode, "order/3 has no other replica").answer);
  run();
  EXPECT_NE(n2_.admissions().fault().find("order/3 has no other replica"), std::string::npos);
  EXPECT_TRUE(n1_.told_there.empty());
  clock_.advance_ms(1000);
  n1_.admissions().tick();
  EXPECT_EQ(n1_.asked.size(), 2u);

  n1_.directory.nodes[1].data_id = "a new disk";
  ++n1_.directory.version;
  n1_.admissions().review();
  run();
  EXPECT_EQ(n1_.told_there, std::vector<std::string>{"n2"});
  EXPECT_EQ(n2_.admissions().fault(), "");
}

TEST_F(AdmissionsOfTwo, WhoComesWithALostDataDirectoryIsShutOutAndBothKnow) {
  n1_.admissions().met("n2", {"f", "a disk of before", "", 6});
  run();
  EXPECT_FALSE(n1_.mesh().up("n2"));
  EXPECT_FALSE(n2_.mesh().up("n1"));
  EXPECT_NE(n2_.admissions().fault().find("taken for lost"), std::string::npos);

  n1_.directory.nodes[1].data_id = "a disk of before";
  ++n1_.directory.version;
  n1_.admissions().review();
  run();
  EXPECT_TRUE(n1_.mesh().up("n2"));
  EXPECT_TRUE(n2_.mesh().up("n1"));
  EXPECT_EQ(n2_.admissions().fault(), "");
}

TEST_F(AdmissionsOfTwo, AnAnswerForADirectoryThatWasReplacedMeanwhileSaysNothing) {
  n1_.admissions().met("n2", {"", "a new disk", "", 0});
  n1_.admissions().tick();
  n1_.admissions().parted("n2");
  n1_.admissions().met("n2", {"", "a newer disk", "", 0});
  n1_.asked.at(0).second(refuse(kNoOtherNode, "why").answer);
  run();
  EXPECT_EQ(n2_.admissions().fault(), "");
  n1_.admissions().tick();
  EXPECT_EQ(n1_.asked.size(), 2u);
}

}  // namespace
}  // namespace stoa
