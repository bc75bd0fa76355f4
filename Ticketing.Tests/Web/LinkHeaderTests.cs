using Shouldly;
using Ticketing.Web.Services;
using Xunit;

namespace Ticketing.Tests.Web;

public sealed class LinkHeaderTests
{
    [Theory]
    [InlineData("</api/tickets?limit=2&cursor=abc>; rel=\"next\"", "abc")]
    [InlineData("</api/tickets?cursor=a%2Bb%3D&limit=2>; rel=\"next\"", "a+b=")]
    [InlineData("</api/tickets>; rel=\"first\", </api/tickets?cursor=abc>; rel=\"next\"", "abc")]
    [InlineData("</api/tickets?cursor=abc>; rel=\"prev\"", null)]
    [InlineData("</api/tickets>; rel=\"next\"", null)]
    [InlineData("nonsense", null)]
    [InlineData("", null)]
    public void The_next_cursor_is_that_of_the_next_link(string link, string? cursor) =>
        LinkHeader.NextCursor([link]).ShouldBe(cursor);
}
