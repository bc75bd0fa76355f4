using System.Net;
using Shouldly;
using Xunit;

namespace Ticketing.Tests.StripeSandbox;

public sealed class CheckoutTests(Sandbox sandbox) : IClassFixture<Sandbox>
{
    [Fact]
    public async Task Cards_are_tried_until_one_is_taken_then_the_browser_goes_back_to_the_shop()
    {
        var session = await OpenAsync();
        var page = session.Text("url");

        (await sandbox.PayAsync(page, "4000 0000 0000 0002")).Html.ShouldContain("Your card was declined.");
        (await sandbox.PayAsync(page, "4000 0000 0000 9995")).Html.ShouldContain("Your card has insufficient funds.");
        (await sandbox.PayAsync(page, "4242 4242 4242 4241")).Html.ShouldContain("Your card number is incorrect.");
        (await sandbox.PayAsync(page, "4242 4242 4242 4242", "12/20")).Html.ShouldContain("expiration year is invalid");
        (await sandbox.PayAsync(page, "4242 4242 4242 4242", "12/40", "12")).Html.ShouldContain("security code is incomplete");
        var paid = await sandbox.PayAsync(page, "4242 4242 4242 4242");

        paid.Status.ShouldBe(303);
        paid.Location.ShouldBe($"https://shop.test/done?session={session.Id}");
        var complete = await sandbox.GetAsync($"/v1/checkout/sessions/{session.Id}?expand[]=payment_intent");
        complete.Text("status").ShouldBe("complete");
        complete.Text("payment_status").ShouldBe("unpaid", "money that is held is not yet paid");
        complete.Body["payment_intent"]!["status"]!.GetValue<string>().ShouldBe("requires_capture");
        complete.Body["payment_intent"]!["metadata"]!["order_id"]!.GetValue<string>().ShouldBe("7");
        (await sandbox.PayAsync(page, "4242 4242 4242 4242")).Html.ShouldContain("already paid");
        (await sandbox.PostAsync($"/v1/checkout/sessions/{session.Id}/expire")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task The_page_has_the_fields_by_name_and_lets_nothing_through_as_markup()
    {
        var session = await OpenAsync("<script>alert(1)</script>");

        var html = await (await sandbox.Client.GetAsync(session.Text("url"))).Content.ReadAsStringAsync();

        foreach (var expected in new[] { "Card number", "Expiry", "CVC", "<button>Pay</button>", "$19.99 usd", "https://shop.test/back" })
            html.ShouldContain(expected);
        html.ShouldNotContain("<script>");
    }

    [Fact]
    public async Task Three_d_secure_on_the_page_can_fail_and_be_tried_again()
    {
        var session = await OpenAsync();
        var asked = await sandbox.PayAsync(session.Text("url"), "4000 0025 0000 3155");

        (await sandbox.AnswerChallengeAsync(asked.Location!, "fail")).ShouldBe($"/c/pay/{session.Id}");
        (await (await sandbox.Client.GetAsync(session.Text("url"))).Content.ReadAsStringAsync()).ShouldContain("failed authentication");
        asked = await sandbox.PayAsync(session.Text("url"), "4000 0025 0000 3155");
        (await sandbox.AnswerChallengeAsync(asked.Location!, "complete")).ShouldBe($"https://shop.test/done?session={session.Id}");
    }

    [Fact]
    public async Task An_expired_session_takes_no_card_and_its_intent_is_over()
    {
        var session = await OpenAsync();
        await sandbox.PayAsync(session.Text("url"), "4000 0000 0000 0002");

        var expired = (await sandbox.PostAsync($"/v1/checkout/sessions/{session.Id}/expire", "expand[]=payment_intent")).Ok();

        expired.Text("status").ShouldBe("expired");
        expired.Body["url"].ShouldBeNull();
        expired.Body["payment_intent"]!["status"]!.GetValue<string>().ShouldBe("canceled");
        (await sandbox.PayAsync(session.Text("url"), "4242 4242 4242 4242")).Html.ShouldContain("expired");
    }

    [Fact]
    public async Task The_intent_of_an_open_session_is_left_to_it()
    {
        var session = await OpenAsync();
        await sandbox.PayAsync(session.Text("url"), "4000 0000 0000 0002");
        var intent = (await sandbox.GetAsync($"/v1/checkout/sessions/{session.Id}")).Text("payment_intent");

        (await sandbox.PostAsync($"/v1/payment_intents/{intent}/cancel")).Status.ShouldBe(400);
        (await sandbox.ConfirmAsync(intent, "tok_visa")).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData("mode=payment&success_url=https://shop.test/", "parameter_missing")]
    [InlineData("mode=payment&line_items[0][quantity]=1&line_items[0][price_data][currency]=usd&line_items[0][price_data][unit_amount]=49&line_items[0][price_data][product_data][name]=A&success_url=https://shop.test/", "amount_too_small")]
    [InlineData("mode=payment&line_items[0][quantity]=1&line_items[0][price_data][currency]=usd&line_items[0][price_data][unit_amount]=99&line_items[0][price_data][product_data][name]=A&success_url=javascript:alert(1)", "url_invalid")]
    public async Task Bad_parameters_are_refused(string form, string code) =>
        (await sandbox.PostAsync("/v1/checkout/sessions", form)).ErrorCode.ShouldBe(code);

    [Fact]
    public async Task Pages_of_nothing_are_404()
    {
        (await sandbox.Client.GetAsync("/c/pay/cs_none")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await sandbox.Client.GetAsync("/3ds/3ds_none")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await sandbox.PayAsync("/c/pay/cs_none", "4242424242424242")).Status.ShouldBe(404);
    }

    private async Task<Answer> OpenAsync(string name = "Concert") => (await sandbox.PostAsync("/v1/checkout/sessions",
        $"mode=payment&line_items[0][quantity]=1&line_items[0][price_data][currency]=usd&line_items[0][price_data][unit_amount]=1999&line_items[0][price_data][product_data][name]={Uri.EscapeDataString(name)}"
        + "&success_url=https://shop.test/done?session={CHECKOUT_SESSION_ID}&cancel_url=https://shop.test/back"
        + "&payment_intent_data[capture_method]=manual&payment_intent_data[metadata][order_id]=7")).Ok();
}
