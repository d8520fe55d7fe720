using System.Collections.Frozen;

namespace Auspex.Experiments.Modules.Text;

/// <summary>Words that tell what a name in an English text is of.</summary>
internal static class EntityWords
{
    /// <summary>Before the name of a person.</summary>
    public static FrozenSet<string> Titles { get; } = Set(
        "Mr Mrs Ms Miss Mx Dr Prof Professor Sir Dame Lord Lady President Vice-President Senator Sen Congressman Congresswoman Representative Rep Governor Gov Mayor Minister "
        + "Chancellor Secretary Ambassador Judge Justice General Gen Colonel Col Captain Capt Major Lieutenant Lt Sergeant Sgt Admiral Commander Officer Detective Inspector King "
        + "Queen Prince Princess Duke Duchess Pope Father Rev Reverend Bishop Archbishop Cardinal Rabbi Imam Sheikh Chairman Chairwoman CEO Coach Director Saint");

    /// <summary>At the end of the name of an organisation, or anywhere within it.</summary>
    public static FrozenSet<string> Organizations { get; } = Set(
        "Inc Incorporated Corp Corporation Ltd Limited LLC LLP PLC GmbH AG SA NV BV Co Company Companies Group Holdings Partners Bank Bancorp Capital Fund Trust Insurance "
        + "University College Institute Academy School Hospital Clinic Laboratory Laboratories Ministry Department Bureau Agency Commission Committee Council Court Senate "
        + "Parliament Congress Association Federation Foundation Society Union League Organization Organisation Party Club Times Post Journal Tribune Herald Airlines Airways Motors "
        + "Electric Energy Petroleum Oil Pharmaceuticals Industries Systems Technologies Technology Software Networks Communications Press Records Studios Pictures Entertainment "
        + "Orchestra Museum Church Army Navy Police Authority Administration Office Board Service Services International Associates");

    /// <summary>At the end of the name of a place.</summary>
    public static FrozenSet<string> PlaceEnds { get; } = Set(
        "River Lake Sea Ocean Bay Gulf Island Islands Peninsula Mountain Mountains Hills Valley Desert Forest Canyon Falls Coast Beach Street Avenue Road Boulevard Square Park "
        + "Bridge Airport Station Harbor Harbour County Province District City Town Village Territory Republic Kingdom Strait Channel");

    /// <summary>At the beginning of the name of a place.</summary>
    public static FrozenSet<string> PlaceBeginnings { get; } = Set("Mount Lake Fort Port Cape Gulf Republic Isle Strait");

    /// <summary>Before the name of a place, as a rule.</summary>
    public static FrozenSet<string> PlaceContexts { get; } = Set("in at near from across throughout outside towards toward via");

    /// <summary>Behind the name of a person, as a rule.</summary>
    public static FrozenSet<string> PersonContexts { get; } = Set(
        "said says told asked added replied who whose wrote writes born died married smiled explained argued thinks believes");

    /// <summary>Behind the name of an organisation, as a rule.</summary>
    public static FrozenSet<string> OrganizationContexts { get; } = Set("announced shares stock employees reported acquired launched sued subsidiary spokesman spokeswoman executives");

    /// <summary>Capitalised words that are no names of persons, places or organisations.</summary>
    public static FrozenSet<string> Others { get; } = Set(
        "I I'm I'll I've I'd Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November December "
        + "English French German Spanish Italian Russian Chinese Japanese American British European African Asian Indian Canadian Australian Mexican Irish Scottish Dutch Swedish "
        + "Greek Turkish Polish Arab Arabic Jewish Christian Christians Muslim Muslims Islam Catholic Christmas Easter God Internet OK TV PM AM AD BC CEO CFO PhD MD BBQ FAQ ID PC PDF "
        + "USB DVD CD HIV AIDS DNA GDP Americans Germans Russians Republicans Democrats Republican Democratic");

    /// <summary>Countries, states, continents and large cities.</summary>
    public static FrozenSet<string> Places { get; } = List(
        "Africa;Asia;Europe;America;North America;South America;Latin America;Antarctica;Australia;Afghanistan;Albania;Algeria;Angola;Argentina;Armenia;Austria;Azerbaijan;Bahrain;"
        + "Bangladesh;Belarus;Belgium;Bolivia;Bosnia;Botswana;Brazil;Britain;Great Britain;Bulgaria;Cambodia;Cameroon;Canada;Chad;Chile;China;Colombia;Congo;Costa Rica;Croatia;Cuba;"
        + "Cyprus;Czech Republic;Denmark;Dominican Republic;Ecuador;Egypt;El Salvador;England;Estonia;Ethiopia;Finland;France;Georgia;Germany;Ghana;Greece;Guatemala;Haiti;Honduras;"
        + "Hong Kong;Hungary;Iceland;India;Indonesia;Iran;Iraq;Ireland;Northern Ireland;Israel;Italy;Ivory Coast;Jamaica;Japan;Jordan;Kazakhstan;Kenya;Korea;North Korea;South Korea;"
        + "Kosovo;Kuwait;Latvia;Lebanon;Liberia;Libya;Lithuania;Luxembourg;Macedonia;Malaysia;Mali;Malta;Mexico;Moldova;Mongolia;Montenegro;Morocco;Mozambique;Myanmar;Namibia;Nepal;"
        + "Netherlands;The Netherlands;New Zealand;Nicaragua;Niger;Nigeria;Norway;Oman;Pakistan;Palestine;Panama;Paraguay;Peru;Philippines;Poland;Portugal;Qatar;Romania;Russia;Rwanda;"
        + "Saudi Arabia;Scotland;Senegal;Serbia;Singapore;Slovakia;Slovenia;Somalia;South Africa;Spain;Sri Lanka;Sudan;Sweden;Switzerland;Syria;Taiwan;Tanzania;Thailand;Tunisia;Turkey;"
        + "Uganda;Ukraine;United Arab Emirates;United Kingdom;United States;United States of America;US;U.S;USA;U.S.A;UK;U.K;Uruguay;Uzbekistan;Venezuela;Vietnam;Wales;Yemen;Zambia;Zimbabwe;"
        + "Alabama;Alaska;Arizona;Arkansas;California;Colorado;Connecticut;Delaware;Florida;Hawaii;Idaho;Illinois;Indiana;Iowa;Kansas;Kentucky;Louisiana;Maine;Maryland;Massachusetts;"
        + "Michigan;Minnesota;Mississippi;Missouri;Montana;Nebraska;Nevada;New Hampshire;New Jersey;New Mexico;New York;North Carolina;North Dakota;Ohio;Oklahoma;Oregon;Pennsylvania;"
        + "Rhode Island;South Carolina;South Dakota;Tennessee;Texas;Utah;Vermont;Virginia;West Virginia;Wisconsin;Wyoming;Ontario;Quebec;British Columbia;Bavaria;Siberia;Catalonia;"
        + "London;Paris;Berlin;Munich;Hamburg;Frankfurt;Madrid;Barcelona;Rome;Milan;Venice;Naples;Vienna;Zurich;Geneva;Brussels;Amsterdam;Rotterdam;Copenhagen;Stockholm;Oslo;Helsinki;"
        + "Dublin;Edinburgh;Glasgow;Manchester;Liverpool;Birmingham;Oxford;Cambridge;Lisbon;Athens;Istanbul;Ankara;Moscow;St. Petersburg;Kiev;Kyiv;Warsaw;Prague;Budapest;Bucharest;Sofia;"
        + "Belgrade;Zagreb;Cairo;Lagos;Nairobi;Johannesburg;Cape Town;Casablanca;Jerusalem;Tel Aviv;Beirut;Damascus;Baghdad;Tehran;Riyadh;Dubai;Abu Dhabi;Doha;Kabul;Karachi;Islamabad;"
        + "New Delhi;Delhi;Mumbai;Bombay;Bangalore;Calcutta;Kolkata;Chennai;Dhaka;Bangkok;Hanoi;Jakarta;Manila;Kuala Lumpur;Beijing;Shanghai;Shenzhen;Tokyo;Osaka;Kyoto;Seoul;Pyongyang;"
        + "Taipei;Sydney;Melbourne;Brisbane;Perth;Auckland;Wellington;Toronto;Montreal;Vancouver;Ottawa;Mexico City;Havana;Bogota;Lima;Santiago;Buenos Aires;Rio de Janeiro;Sao Paulo;"
        + "São Paulo;Brasilia;Caracas;Washington;Washington D.C;New York City;Los Angeles;San Francisco;San Diego;San Jose;Chicago;Boston;Houston;Dallas;Austin;Philadelphia;Phoenix;"
        + "Seattle;Redmond;Portland;Denver;Detroit;Atlanta;Miami;Orlando;Baltimore;Cleveland;Pittsburgh;St. Louis;Minneapolis;Las Vegas;New Orleans;Silicon Valley;Wall Street;Manhattan;"
        + "Brooklyn;Hollywood;Middle East;Balkans;Caribbean;Mediterranean;Atlantic;Pacific;Arctic;Alps;Himalayas;Sahara;Amazon;Nile;Thames;Danube;Rhine");

    /// <summary>Given names.</summary>
    public static FrozenSet<string> GivenNames { get; } = Set(
        "James John Robert Michael William David Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony Mark Donald Steven Steve Paul Andrew Joshua Kenneth Kevin Brian "
        + "George Edward Ronald Timothy Tim Jason Jeffrey Jeff Ryan Jacob Gary Nicholas Eric Jonathan Stephen Larry Justin Scott Brandon Benjamin Ben Samuel Sam Gregory Frank Alexander "
        + "Alex Raymond Patrick Jack Dennis Jerry Tyler Aaron Jose Adam Nathan Henry Douglas Zachary Peter Kyle Walter Ethan Jeremy Harold Keith Christian Roger Noah Gerald Carl Terry Sean "
        + "Arthur Lawrence Jesse Bill Bob Jim Joe Tom Mike Dan Dave Barack Hillary Vladimir Angela Emmanuel Boris Winston Elon Satya Mary Patricia Jennifer Linda Elizabeth Barbara Susan "
        + "Jessica Sarah Karen Lisa Nancy Betty Margaret Sandra Ashley Kimberly Emily Donna Michelle Carol Amanda Dorothy Melissa Deborah Stephanie Rebecca Sharon Laura Cynthia Kathleen "
        + "Amy Anna Anne Ann Ruth Helen Maria Julia Emma Olivia Sophia Isabella Alice Jane Kate Catherine Katherine Victoria Diana Rachel Hannah Grace Rose Lucy Charlotte Ali Ahmed Mohammed "
        + "Muhammad Omar Fatima Juan Carlos Luis Miguel Pedro Pablo Francisco Antonio Marco Luca Giovanni Pierre Jean Jacques Hans Klaus Wolfgang Ivan Sergei Dmitri Natasha Olga Yuki Hiroshi Wei Li Raj Priya");

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static FrozenSet<string> List(string names) => names.Split(';').ToFrozenSet(StringComparer.Ordinal);
}
