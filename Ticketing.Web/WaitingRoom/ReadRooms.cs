using System.Text.Json;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.ServiceDefaults;

namespace Ticketing.Web.WaitingRoom;

/// <summary>Reads from Tickets which listings have a waiting room, at the start and every few seconds.</summary>
internal sealed class ReadRooms(IHttpClientFactory clients, Rooms rooms, TimeProvider time, ILogger<ReadRooms> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Of a thousand rooms each. More are none of ours; the oldest count.</summary>
    private const int MostPages = 100;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        this.KeepRunningAsync(RunAsync, time, logger, stoppingToken);

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            rooms.BeginReading();
            var read = await ReadAsync(stoppingToken);
            rooms.EndReading(read);
            await Task.Delay(read is null ? PauseAfterFailure : Pause, time, stoppingToken);
        }
    }

    /// <summary>All rooms; null if Tickets does not say.</summary>
    private async Task<List<WaitingRoomResponse>?> ReadAsync(CancellationToken stoppingToken)
    {
        List<WaitingRoomResponse> all = [];
        try
        {
            for (var page = 0; page < MostPages; page++)
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                patience.CancelAfter(Patience);
                var next = await clients.CreateClient("tickets").GetFromJsonAsync<WaitingRoomResponse[]>(
                    $"internal/rooms?after={all.LastOrDefault()?.TicketId ?? Guid.Empty}", JsonConventions.Options, patience.Token);
                if (next is not { Length: > 0 })
                    break;
                all.AddRange(next);
            }
            return all;
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException
            || (failure is OperationCanceledException && !stoppingToken.IsCancellationRequested))
        {
            WaitingRoomLog.NotRead(logger, failure);
            return null;
        }
    }
}
