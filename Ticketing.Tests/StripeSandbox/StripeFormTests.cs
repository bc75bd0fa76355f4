using Microsoft.Extensions.Primitives;
using Shouldly;
using Ticketing.StripeSandbox.Protocol;
using Xunit;

namespace Ticketing.Tests.StripeSandbox;

public sealed class StripeFormTests
{
    [Fact]
    public void Nesting_and_lists_are_read_numbered_or_not()
    {
        var form = Form(("metadata[order_id]", "7"), ("types[]", new(["a", "b"])), ("items[0][price][amount]", "5"));

        form.Map("metadata").ShouldBe(new Dictionary<string, string> { ["order_id"] = "7" });
        form.List("types").ShouldBe(["a", "b"]);
        form.Integer("items[0][price][amount]").ShouldBe(5);
        form.Has("items[0]").ShouldBeTrue();
        form.Has("items[1]").ShouldBeFalse();
    }

    [Fact]
    public void Parameters_are_the_same_in_any_order() =>
        Form(("a", "1"), ("b", "2&c=3")).Parameters.ShouldBe(Form(("b", "2&c=3"), ("a", "1")).Parameters);

    [Theory]
    [InlineData("a[")]
    [InlineData("a]b")]
    [InlineData("")]
    public void A_broken_name_is_refused(string name) =>
        Should.Throw<StripeFailure>(() => Form((name, "1"))).Status.ShouldBe(400);

    private static StripeForm Form(params (string Name, StringValues Values)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Values)));
}
