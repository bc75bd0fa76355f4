using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using StackExchange.Redis;

namespace Ticketing.Web.Keys;

/// <summary>
/// Keeps the keys that protect forms (antiforgery) in a Redis list, so that all replicas and the next start have the
/// same ones. Read at start and about once a day; in between nothing here needs Redis.
/// </summary>
internal sealed class RedisKeyRepository(IConnectionMultiplexer redis) : IXmlRepository
{
    private static readonly RedisKey Key = "web:data-protection-keys";

    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. redis.GetDatabase().ListRange(Key).Select(element => XElement.Parse((string)element!))];

    public void StoreElement(XElement element, string friendlyName) =>
        redis.GetDatabase().ListRightPush(Key, element.ToString(SaveOptions.DisableFormatting));
}
