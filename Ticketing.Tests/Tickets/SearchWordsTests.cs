using Shouldly;
using Ticketing.ApiDefaults;
using Ticketing.Tickets;
using Xunit;

namespace Ticketing.Tests.Tickets;

public sealed class SearchWordsTests
{
    private readonly ValidationErrors errors = new();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t ")]
    public void Nothing_to_search_for_has_no_words(string? text)
    {
        SearchWords.Parse(text, errors).ShouldBeEmpty();
        errors.None.ShouldBeTrue();
    }

    [Fact]
    public void Words_are_parted_by_any_white_space_and_named_once()
    {
        SearchWords.Parse("jazz  night\u00a0jazz\tparis", errors).ShouldBe(["jazz", "night", "paris"]);
        errors.None.ShouldBeTrue();
    }

    [Fact]
    public void Too_much_is_refused()
    {
        SearchWords.Parse(new string('x', 200), errors);
        SearchWords.Parse("1 2 3 4 5 6 7 8 9 10", errors);
        errors.None.ShouldBeTrue();

        SearchWords.Parse(new string('x', 201), errors);
        SearchWords.Parse("1 2 3 4 5 6 7 8 9 10 11", errors);
        SearchWords.Parse("a\0b", errors);
        errors.All.Select(error => error.Field).ShouldBe(["q", "q", "q"]);
    }
}
