// SPDX-License-Identifier: MIT
#include "tests/architecture/bodies.h"

#include <map>

#include <gtest/gtest.h>

namespace sqlicorn::architecture {
namespace {

struct DefinitionCase {
  const char* source;
  std::vector<std::string> names;
};

TEST(FindDefinitions, FindsWhatOtherSourcesCanCall) {
  const std::vector<DefinitionCase> cases = {
      {"void F() {\n}\n", {"F"}},
      {"Result<std::vector<int>> F(\n    int a) {\n  return G(a);\n}\n", {"F"}},
      {"int A::f() const {\n}\n", {"A::f"}},
      {"A::A(int a)\n    : a_(a), b_{1} {}\n", {"A::A"}},
      {"A::~A() {\n}\n", {"A::~A"}},
      {"bool A::B::operator==(const B& b) const {\n}\n", {"A::B::"}},
      {"template <typename T>\nT F(T t) {\n}\n", {"F"}},
      {"template <>\nbool A::As<bool>() {\n}\n", {"A::As"}},
      {"void F() {\n}\n\nvoid G() {\n}\n", {"F", "G"}},
      {"\nnamespace {\nvoid F() {\n}\n}  // namespace\nvoid G() {\n}\n", {"G"}},
      {"int main() {\n}\n", {}},
      {"void F();\nint g = 1;\nconst int k[] = {1};\nint g{1};\n", {}},
      {"class A {\n  void F() {}\n};\nstruct B {\n};\n", {}},
      {"// void F() {\n#define F(a) {\n", {}},
      {"template int F<int>(int);\n", {}},
  };
  for (const DefinitionCase& c : cases) {
    std::vector<std::string> names;
    for (const Definition& definition : FindDefinitions(c.source)) {
      names.push_back(definition.name);
    }
    EXPECT_EQ(names, c.names) << c.source;
  }
}

TEST(FindDefinitions, TellsTheLine) {
  const auto found =
      FindDefinitions("#include <a>\n\nnamespace {\nint a;\n}  // namespace\nint F() {\n}\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].line, 6U);
}

TEST(Declares, KnowsFunctionsAndTheClassesOfMembers) {
  EXPECT_TRUE(Declares("int F(int a);\n", "F"));
  EXPECT_FALSE(Declares("int FF(int a);\n// F()\n", "F"));
  EXPECT_TRUE(Declares("class A {\n};\n", "A::F"));
  EXPECT_TRUE(Declares("struct alignas(64) A final : B {\n};\n", "A::F"));
  EXPECT_TRUE(Declares("class [[nodiscard]] A {\n};\n", "A::A"));
  EXPECT_FALSE(Declares("class A;\nclass AB {\n  A a;\n};\n", "A::F"));
}

// Headers by their paths.
std::vector<std::string> Strays(const SourceFile& source,
                                const std::map<std::string, std::string>& headers) {
  return FindStrayBodies(source, [&headers](const std::string& path) {
    const auto found = headers.find(path);
    return found == headers.end() ? "" : found->second;
  });
}

TEST(StrayBodies, AreThoseThatTheHeaderOfTheNameDoesNotDeclare) {
  const std::map<std::string, std::string> headers = {{"r/a.h", "void F();\nclass A {\n};\n"},
                                                      {"r/b.h", "void G();\n"}};
  EXPECT_TRUE(Strays({"r/a.cc", "void F() {\n}\nint A::f() {\n}\n"}, headers).empty());
  EXPECT_TRUE(Strays({"r/a_more.cc", "int A::g() {\n}\n"}, headers).empty());
  EXPECT_TRUE(Strays({"r/c.cc", "int main() {\n}\n"}, headers).empty());
  EXPECT_EQ(Strays({"r/a.cc", "\nvoid G() {\n}\n"}, headers),
            (std::vector<std::string>{"r/a.cc:2: G is not declared in r/a.h"}));
  EXPECT_EQ(Strays({"r/c.cc", "void G() {\n}\n"}, headers),
            (std::vector<std::string>{"r/c.cc:1: G is not declared in a header of this name"}));
}

}  // namespace
}  // namespace sqlicorn::architecture
