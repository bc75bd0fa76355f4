using System.Text.RegularExpressions;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Web.Languages;

/// <summary>Every text of the site is in its resources, in every language, and nothing else is there.</summary>
public sealed partial class ResourcesTests
{
    private static readonly IReadOnlyList<string> Code = [.. Sources.CodeOf("Ticketing.Web")];

    public static TheoryData<string> Pages => [.. Sources.Pages.Select(page => Path.GetRelativePath(TestFiles.Root, page))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_text_of_a_page_has_its_German(string page)
    {
        var path = Path.Combine(TestFiles.Root, page);
        var german = Sources.Read(Sources.ResourceOf(path)).Keys.Concat(Sources.Read(Sources.Shared).Keys);
        Sources.KeysOf(path).Except(german).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_says_nothing_past_the_resources(string page)
    {
        var text = RazorCode().Replace(File.ReadAllText(Path.Combine(TestFiles.Root, page)), "");
        // Names, the same in every language.
        VisibleText().Matches(text).Select(match => match.Groups["text"].Value.Trim(' ', '–'))
            .Where(said => said is not ("Ticketing" or "API"))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Every_text_of_the_code_has_its_German() =>
        Sources.SharedKeys().Except(Sources.Read(Sources.Shared).Keys).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Pages))]
    public void No_translation_is_left_over(string page)
    {
        var path = Path.Combine(TestFiles.Root, page);
        // Some keys are whole texts in the code of the page's model.
        Sources.Read(Sources.ResourceOf(path)).Keys.Except(Sources.KeysOf(path)).Where(key => !Code.Any(text => text.Contains($"\"{key}\"")))
            .ShouldBeEmpty();
    }

    [Fact]
    public void No_shared_translation_is_left_over()
    {
        var used = Sources.Pages.SelectMany(Sources.KeysOf).Concat(Sources.SharedKeys());
        Sources.Read(Sources.Shared).Keys.Except(used).ShouldBeEmpty();
    }

    [Fact]
    public void A_translation_fills_in_no_other_numbers_than_its_key()
    {
        foreach (var resource in Directory.EnumerateFiles(Path.Combine(TestFiles.Root, "Ticketing.Web"), "*.de.resx", SearchOption.AllDirectories))
        {
            foreach (var (english, german) in Sources.Read(resource))
            {
                german.ShouldNotBeNullOrWhiteSpace(english);
                Placeholder().Matches(german).Select(match => match.Value)
                    .Except(Placeholder().Matches(english).Select(match => match.Value)).ShouldBeEmpty(english);
            }
        }
    }

    [GeneratedRegex(@"@\*.*?\*@|@\{.*?^\}|@(?:if|else|foreach|switch|for|section|using|model|page|inject)\b[^\n]*|^\s*(?:else|var)\b[^\n]*|@(?:await )?[\w.]+(?:\[[^\]]*\]|\((?:[^()]|\([^()]*\))*\))*[\w.()]*", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex RazorCode();

    [GeneratedRegex("""(?:>|\s(?:aria-label|alt|title|placeholder)=")(?<text>[^<>@{}"=;]*\p{L}{2}[^<>@{}"=;]*)(?:<|")""")]
    private static partial Regex VisibleText();

    [GeneratedRegex(@"\{\d+")]
    private static partial Regex Placeholder();
}
