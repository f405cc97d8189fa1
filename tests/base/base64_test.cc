// SPDX-License-Identifier: MIT
#include "common/base/base64.h"

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

using namespace std::string_literals;

std::string Decoded(std::string_view text) {
  std::string octets;
  return DecodeBase64(text, &octets) ? octets : "none" + octets;
}

TEST(Base64, ReadsTheVectorsOfItsRfcWithAndWithoutPadding) {
  EXPECT_EQ(Decoded(""), "");
  EXPECT_EQ(Decoded("Zg=="), "f");
  EXPECT_EQ(Decoded("Zg"), "f");
  EXPECT_EQ(Decoded("Zm8="), "fo");
  EXPECT_EQ(Decoded("Zm8"), "fo");
  EXPECT_EQ(Decoded("Zm9v"), "foo");
  EXPECT_EQ(Decoded("Zm9vYmFy"), "foobar");
  EXPECT_EQ(Decoded("AAECAP/+"), "\0\1\2\0\xFF\xFE"s);
}

TEST(Base64, RefusesWhatNoEncoderWrites) {
  for (const char* bad : {"Z", "Zg=", "Zg===", "=", "====", "Zm9v=", "Zh==", "Zm9=", "Z g=",
                          "Zm9v\n", "-_-_", "Zg==Zg==", "Zm8=Zg"}) {
    EXPECT_EQ(Decoded(bad), "none") << bad;
  }
}

TEST(Base64, AppendsAndLeavesAloneWhatIsThere) {
  std::string octets = "a";
  EXPECT_TRUE(DecodeBase64("Yg", &octets));
  EXPECT_FALSE(DecodeBase64("Yg!", &octets));
  EXPECT_EQ(octets, "ab");
}

}  // namespace
}  // namespace sqlicorn
