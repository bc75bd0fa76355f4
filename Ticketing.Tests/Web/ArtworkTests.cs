using System.Net;
using System.Xml.Linq;
using Shouldly;
using Ticketing.Tests.Web.Pages;
using Ticketing.Web.Artwork;
using Xunit;

namespace Ticketing.Tests.Web;

public sealed class ArtworkTests(WebSite site) : PagesTests(site)
{
    [Fact]
    public void A_picture_is_its_ids_alone_and_well_formed_small_and_without_styles()
    {
        var pictures = new HashSet<string>();
        for (var i = 0; i < 500; i++)
        {
            var id = Guid.CreateVersion7();
            var picture = Picture.Draw(id);
            Picture.Draw(id).ShouldBe(picture);
            pictures.Add(picture).ShouldBeTrue("two listings have two pictures");
            picture.Length.ShouldBeLessThan(4096);
            XDocument.Parse(picture).Descendants().SelectMany(element => element.Attributes())
                .ShouldAllBe(attribute => attribute.Name.LocalName != "style" && !attribute.Name.LocalName.StartsWith("on"));
        }
    }

    [Fact]
    public async Task It_is_kept_for_ever_and_needs_nobody_signed_in()
    {
        using var client = Site.Web.Anonymous();
        var id = Guid.CreateVersion7();
        using var answer = await client.GetAsync(Picture.UrlOf(id));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("image/svg+xml");
        answer.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
        answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        (await answer.Content.ReadAsStringAsync()).ShouldBe(Picture.Draw(id));
        (await client.GetAsync(Picture.UrlOf(id).Replace(".svg", ".png"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
