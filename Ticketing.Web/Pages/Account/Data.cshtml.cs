using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.ApiDefaults;
using Ticketing.Web.Pages.Forms;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages.Account;

/// <summary>All that is kept about the visitor, as a file. It is written as it comes, however long it gets.</summary>
[Authorize]
internal sealed class DataModel(UserDataClient data, TimeProvider time) : PageModel
{
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var account = await data.GetAccountAsync(cancellationToken);
        if (!account.Ok)
            return this.Refused(account);

        Response.ContentType = "application/json";
        Response.Headers.CacheControl = "no-store";
        Response.Headers.ContentDisposition = "attachment; filename=\"ticketing-data.json\"";
        await using var writer = new Utf8JsonWriter(Response.BodyWriter, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteString("at", time.GetUtcNow().UtcDateTime);
        writer.WritePropertyName("account");
        account.Value.WriteTo(writer);
        await WriteAsync(writer, "orders", data.ListOrdersAsync(cancellationToken), cancellationToken);
        await WriteAsync(writer, "payments", data.ListPaymentsAsync(cancellationToken), cancellationToken);
        await WriteAsync(writer, "listings", data.ListListingsAsync(User.UserId(), cancellationToken), cancellationToken);
        await WriteAsync(writer, "watches", data.ListWatchesAsync(cancellationToken), cancellationToken);
        await WriteAsync(writer, "notifications", data.ListNotificationsAsync(cancellationToken), cancellationToken);
        writer.WriteEndObject();
        await writer.FlushAsync(cancellationToken);
        return new EmptyResult();
    }

    /// <summary>Should a service fail in the middle, the download breaks off: half a file must not look like a whole one.</summary>
    private static async Task WriteAsync(
        Utf8JsonWriter writer, string name, IAsyncEnumerable<JsonNode?> items, CancellationToken cancellationToken)
    {
        const int enough = 64 * 1024;
        writer.WriteStartArray(name);
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            item?.WriteTo(writer);
            if (writer.BytesPending > enough)
                await writer.FlushAsync(cancellationToken);
        }
        writer.WriteEndArray();
    }
}
