#include "cluster/admission.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

Directory of_two() {
  Directory d;
  d.formation = "f";
  d.version = 7;
  d.cluster = "demo";
  d.nodes.resize(3);
  d.nodes[0].name = "n1";
  d.nodes[0].data_id = "disk 1";
  d.nodes[1].name = "n2";  // has joined, and was not met yet
  d.nodes[2].name = "n3";
  d.nodes[2].data_id = "disk 3";
  d.nodes[2].status = NodeStatus::kGone;
  return d;
}

TEST(Admission, AMemberWithItsDataDirectoryTakesPart) {
  const Admission a = admission_of(of_two(), "n1", {"f", "disk 1", "", 5});
  EXPECT_EQ(a.refusal, "");
  EXPECT_FALSE(a.lacks_directory);
  EXPECT_FALSE(a.new_data);
}

TEST(Admission, AMemberThatKnowsNoDirectoryIsTold) {
  EXPECT_TRUE(admission_of(of_two(), "n1", {"", "disk 1", "", 0}).lacks_directory);
  EXPECT_TRUE(admission_of(of_two(), "n1", {"f", "disk 1", "", 0}).lacks_directory);
}

TEST(Admission, AnEmptyDataDirectoryThatIsNotNamedIsTheCatalogsAffair) {
  for (const std::string node : {"n1", "n2"}) {
    const Admission a = admission_of(of_two(), node, {"", "new disk", "", 0});
    EXPECT_EQ(a.refusal, "");
    EXPECT_TRUE(a.new_data);
    EXPECT_FALSE(a.lacks_directory) << "it would open replicas that are not for it";
  }
}

TEST(Admission, ALostDataDirectoryThatIsFoundAgainIsRefused) {
  EXPECT_NE(admission_of(of_two(), "n1", {"f", "disk 0", "", 7}).refusal, "");
  EXPECT_NE(admission_of(of_two(), "n2", {"f", "disk of before", "", 7}).refusal, "");
}

TEST(Admission, WhoIsNoMemberIsRefused) {
  for (const std::string node : {"n3", "n9"}) {
    EXPECT_NE(admission_of(of_two(), node, {"", "disk 3", "", 0}).refusal, "");
    EXPECT_NE(admission_of(of_two(), node, {"f", "disk 3", "", 7}).refusal, "");
  }
}

TEST(Admission, ADataDirectoryOfAnotherClusterIsRefusedWhateverItKnows) {
  EXPECT_NE(admission_of(of_two(), "n1", {"g", "disk 1", "", 99}).refusal, "");
}

TEST(Admission, WhoKnowsMoreIsNotRefusedByWhoKnowsLess) {
  EXPECT_EQ(admission_of(of_two(), "n1", {"f", "disk 0", "", 8}).refusal, "");
  EXPECT_EQ(admission_of(of_two(), "n9", {"f", "disk 9", "", 8}).refusal, "");
}

}  // namespace
}  // namespace stoa
