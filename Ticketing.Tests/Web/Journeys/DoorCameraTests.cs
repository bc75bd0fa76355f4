using Microsoft.Playwright;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.Tests.Web.Journeys;

/// <summary>
/// The door with a camera. Headless Chromium on Linux has no BarcodeDetector and no camera: both are stand-ins here, and
/// everything behind them is real.
/// </summary>
[Collection(typeof(JourneyCollection))]
public sealed class DoorCameraTests(RunningPlatform platform)
{
    private const string StandIns =
        """
        window.BarcodeDetector = class {
          static async getSupportedFormats() { return ['qr_code']; }
          async detect() { return window.heldUp ? [{ rawValue: window.heldUp }] : []; }
        };
        navigator.mediaDevices.getUserMedia = async () => {
          const canvas = document.createElement('canvas');
          const stream = canvas.captureStream();
          setInterval(() => canvas.getContext('2d').fillRect(0, 0, 9, 9), 50);
          window.camera = stream.getTracks()[0];
          return stream;
        };
        """;

    [Fact]
    public async Task A_ticket_held_before_the_camera_is_let_in_once()
    {
        await using var seller = await platform.VisitAsync();
        await seller.SignUpAsync();
        var ticket = await seller.ListAsync($"Concert {Guid.NewGuid():N}", "20", 5);
        var order = (await seller.ReserveAsync(ticket, 1)).Split('/')[^1];
        (await seller.Context.APIRequest.PostAsync("/api/payments", new() { DataObject = new { orderId = order, token = "tok_visa" } }))
            .Status.ShouldBe(201);
        var code = "";
        await Eventually.HoldsAsync(async () =>
        {
            var answer = await seller.Context.APIRequest.GetAsync($"/api/tickets/admissions/{order}");
            if (answer.Ok)
                code = (await answer.JsonAsync())!.Value[0].GetProperty("code").GetString()!;
            return answer.Ok;
        }, "the order has a ticket");
        await seller.Page.AddInitScriptAsync(StandIns);
        await seller.Page.GotoAsync(ticket.Replace("/tickets/", "/checkin/", StringComparison.Ordinal));

        await seller.PressAsync("Scan with camera");
        await HoldUpAsync(code);
        await Expect(Result("valid")).ToBeVisibleAsync();
        await Expect(seller.Page.GetByRole(AriaRole.Region, new() { Name = "Who is in" })).ToContainTextAsync("1 of 1");
        // Still before the camera, then another, then the first once more.
        await HoldUpAsync("0000-0000-0000");
        await Expect(Result("unknown")).ToBeVisibleAsync();
        await Expect(Result("valid")).ToHaveCountAsync(1);
        await HoldUpAsync(code);
        await Expect(seller.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Already used at" })).ToBeVisibleAsync();

        await seller.PressAsync("Stop camera");
        (await seller.Page.EvaluateAsync<string>("window.camera.readyState")).ShouldBe("ended");

        Task HoldUpAsync(string held) => seller.Page.EvaluateAsync("held => { window.heldUp = held; }", held);

        ILocator Result(string outcome) => seller.Page.Locator($"[data-outcome='{outcome}']");
    }
}
